/**
 * Has the person's own Claude Code look after the person's login, as it does at each of its starts: by a command that asks
 * no model, in no project, outside of any fence. So it is never a program that an agent could have put there.
 */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, delimiter, isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { AgorError } from '../../../protocol/errors.ts';
import { isWithin } from '../../../sandbox/resolved-path.ts';
import { resolveProgram } from '../../resolve-program.ts';

export type RenewalParts = {
  /** The agent's command; its program is used when it is Claude Code itself, and otherwise the one on the PATH. */
  readonly command: readonly string[];
  /** Without anything that is only for the agent. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that agents can write: nothing in them is run here. */
  readonly written: readonly string[];
};

const programName = 'claude';
const timeoutMs = 30_000;
const run = promisify(execFile);

export async function renewLogin(parts: RenewalParts): Promise<void> {
  const { file, environment } = renewal(parts);
  await run(file, ['auth', 'status', '--json'], { cwd: '/', env: { ...environment }, timeout: timeoutMs });
}

/** Throws `refused` for a program that an agent can write. */
export function renewal({ command, environment, written }: RenewalParts): { file: string; environment: Record<string, string> } {
  const isWritten = (path: string) => written.some((folder) => isWithin(realOf(path), realOf(folder)));
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder) && !isWritten(folder));
  // What it would keep for the agent there, it could be made to write elsewhere by a link.
  const { TMPDIR: _, ...others } = environment;
  const own = { ...others, PATH: folders.join(delimiter) };
  const named = command[0] !== undefined && isAbsolute(command[0]) && basename(command[0]) === programName ? command[0] : programName;
  const [file] = resolveProgram({ command: [named], cwd: '/', environment: own });
  if (isWritten(file)) throw new AgorError('refused', `${file} is not started outside of the sandbox: agents can change it.`);
  return { file, environment: own };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
