/** What a run was started with, as its log tells it: everything that helps to find out what went on, and nothing secret. Pure. */
import { isSecretVariable } from '../base/secret-name.ts';
import type { RunHeader } from '../protocol/log-record.ts';
import type { RunRecord } from '../protocol/run-record.ts';

const hidden = '‹hidden›';

export function runHeader(record: RunRecord): RunHeader {
  const { runId, agentId, agentName, projectName, provider, model, projectDir, command, createdAt } = record;
  return {
    runId,
    agentId,
    agent: agentName ?? '',
    project: projectName ?? '',
    provider,
    model: model ?? null,
    folder: projectDir,
    command: shownCommand(command),
    startedAt: createdAt,
  };
}

/** `--api-key value`, `--api-key=value` and `API_KEY=value` lose their value, an address its user, and so does what looks like a key. */
export function shownCommand(command: readonly string[]): string[] {
  return command.map((argument, index) => {
    const before = command[index - 1] ?? '';
    const isValueOfOption = /^--?[A-Za-z]/.test(before) && !before.includes('=') && isSecretName(before);
    if (isValueOfOption && !argument.startsWith('-')) return hidden;
    const [, name, value] = /^(-{0,2}[A-Za-z][\w.-]*)=(.*)$/s.exec(argument) ?? [];
    if (name !== undefined && value !== undefined && isSecretName(name)) return `${name}=${hidden}`;
    return argument.replace(addressUser, `$1${hidden}@`).replace(keyLike, hidden);
  });
}

function isSecretName(option: string): boolean {
  return isSecretVariable(option.replace(/^-+/, '').replaceAll(/[-.]/g, '_').toUpperCase(), undefined);
}

const addressUser = /\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi;
/** As the vendors' keys begin, and JSON web tokens. */
const keyLike = /\b(sk-|pk-|rk-|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|eyJ)[A-Za-z0-9_.-]{12,}/g;
