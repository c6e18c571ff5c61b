/**
 * How Claude Code gets a key that neither its environment nor its arguments hold: it runs a command and takes what that
 * prints, at its first request, every few minutes, and when the model refuses the key it has.
 */
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../../../protocol/run-record.ts';

/** The one variable that the command stands in for; any other secret is for its tools, and in its environment. */
export const helperVariable = 'ANTHROPIC_API_KEY';

type Runtime = { readonly execPath: string; readonly isElectron: boolean; readonly isWindows: boolean };

export function usesKeyHelper(
  { provider, credentials }: Pick<RunRecord, 'provider' | 'credentials'>,
  secrets: Readonly<Record<string, string>>,
): boolean {
  return provider === 'claude' && credentials === 'secret' && secrets[helperVariable] !== undefined;
}

/** What the helper may be told, and nobody else asks for. */
export function helperSecret(
  record: Pick<RunRecord, 'provider' | 'credentials'>,
  secrets: Readonly<Record<string, string>>,
  variable: string,
): string | null {
  return usesKeyHelper(record, secrets) && variable === helperVariable ? (secrets[variable] ?? null) : null;
}

/** Beside the bundle when built, in its own folder when run from sources. */
export function keyHelperProgram(selfUrl: string = import.meta.url): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? '../../../key-helper/print-key.ts' : './key-helper.js', selfUrl));
}

/** For the system's shell, which runs it. */
export function keyHelperCommand(program: string, { execPath, isElectron, isWindows }: Runtime): string {
  const words = [execPath, program].map(isWindows ? windowsQuoted : quoted);
  const asNode = isWindows ? 'set ELECTRON_RUN_AS_NODE=1&& ' : 'ELECTRON_RUN_AS_NODE=1 ';
  return `${isElectron ? asNode : ''}${words.join(' ')} ${helperVariable}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Paths hold no quotes there. */
function windowsQuoted(word: string): string {
  return `"${word}"`;
}
