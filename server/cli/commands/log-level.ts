/** `agor log-level`: how much the backend, or an agent's sidecar, writes to its log. */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { LogLevel } from '../../protocol/requests.ts';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';

type Options = { readonly agent?: string; readonly project?: string };

export function addLogLevelCommand(program: Command): void {
  program
    .command('log-level')
    .summary('show or set how much is logged')
    .description(
      "Shows how much the running backend writes to its log, or sets it, at once. With --agent it is about that agent's sidecar, and holds for its later starts too, as long as the backend lives.",
    )
    .addArgument(new Argument('[level]', `one of ${LogLevel.options.join(', ')}`).argParser(typedLevel))
    .option('-a, --agent <agent>', 'the sidecar of this agent instead of the backend')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(logLevel));
}

async function logLevel(invocation: Invocation, level: LogLevel | undefined, options: Options): Promise<Outcome> {
  const { agent: typed, ...place } = options;
  const agent = typed === undefined ? undefined : await findAgent(invocation, typed, place);
  const who = agent ? `The sidecar of ${oneLine(agent.name)}` : 'The backend';
  const target = agent ? { agent: agent.id } : {};
  const backend = await invocation.backend();
  if (level === undefined) {
    const current = await backend.call('log/getLevel', target);
    return { json: current, lines: () => [`${who} logs from ${current.level} upwards.`] };
  }
  const { previous } = await backend.call('log/setLevel', { level, ...target });
  return { json: { level, previous }, lines: () => [`${who} now logs from ${level} upwards; before it was ${previous}.`] };
}

function typedLevel(typed: string): LogLevel {
  const { success, data } = LogLevel.safeParse(typed.trim().toLowerCase());
  if (success) return data;
  throw new InvalidArgumentError(`Levels are ${LogLevel.options.join(', ')}.`);
}
