/** Whether an agent's program is installed on this machine, and which version: what a person is told before they choose it. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export type KnownProgram = { readonly program: string; readonly install: string };
/** `version` is null for a program that does not say, or not soon. */
export type InstalledProgram = { readonly file: string; readonly version: string | null };

/** Of the providers that have a program of their own. */
export const knownPrograms: Readonly<Record<'claude' | 'codex', KnownProgram>> = {
  claude: { program: 'claude', install: 'npm install -g @anthropic-ai/claude-code' },
  codex: { program: 'codex', install: 'npm install -g @openai/codex' },
};

const patienceMs = 3_000;

/** Null when there is none on the PATH. */
export async function installedProgram({ program }: KnownProgram, env: NodeJS.ProcessEnv): Promise<InstalledProgram | null> {
  const file = (env.PATH ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => namesOf(program).map((name) => join(folder, name)))
    .find(isProgram);
  return file === undefined ? null : { file, version: await versionOf(file, env) };
}

function namesOf(program: string): string[] {
  return process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not for us: either way it cannot be started.
    return false;
  }
}

/** It is the person's own program, run as they would; a script of Windows is not asked, because that takes a shell. */
function versionOf(file: string, { PATH = '', HOME = '' }: NodeJS.ProcessEnv): Promise<string | null> {
  if (file.endsWith('.cmd')) return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = { timeout: patienceMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, env: { PATH, HOME } } as const;
    const child = execFile(file, ['--version'], options, (error, stdout) => resolve(error ? null : versionIn(stdout)));
    child.stdin?.end();
  });
}

function versionIn(text: string): string | null {
  return /\b\d+\.\d+\.\d+[\w.+-]*/.exec(text.slice(0, 1_000))?.[0] ?? null;
}
