/** Runs a program that shows a notice: without a shell, for a short time, and with nothing of it left behind. */
import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { endTree, hasProcessGroups } from '../base/end-tree.ts';
import { isWithin } from '../sandbox/resolved-path.ts';
import type { DesktopWords } from './desktop-decision.ts';
import { type DesktopProgram, plainWords } from './desktop-programs.ts';

export type ProgramRun = {
  readonly env: NodeJS.ProcessEnv;
  /** Folders that agents can write: nothing in them is run out here. */
  readonly written: readonly string[];
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
};

/** `missing`: there is no such program. */
export type ProgramOutcome = { readonly kind: 'shown' } | { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly why: string };

const keptErrorChars = 300;

export async function runDesktopProgram(program: DesktopProgram, words: DesktopWords, run: ProgramRun): Promise<ProgramOutcome> {
  const file = isAbsolute(program.file) ? usable(program.file, run) : onPath(program.file, run);
  if (file === undefined) return { kind: 'missing' };
  const plain = plainWords(words);
  const env = { ...run.env, ...program.environment(plain), PATH: safeFolders(run).join(delimiter) };
  return runBounded({ file, args: program.args(plain), env }, run);
}

function onPath(name: string, run: ProgramRun): string | undefined {
  for (const folder of safeFolders(run)) {
    const file = usable(join(folder, name), run);
    if (file !== undefined) return file;
  }
  return undefined;
}

function safeFolders({ env, written }: ProgramRun): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.filter((folder) => !isWritten(folder, written));
}

/** Followed to where it really lies. */
function usable(path: string, { written }: ProgramRun): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return isWritten(dirname(realpathSync(path)), written) ? undefined : path;
  } catch {
    return undefined;
  }
}

function isWritten(folder: string, written: readonly string[]): boolean {
  return written.some((place) => isWithin(realOf(folder), realOf(place)));
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

type Command = { readonly file: string; readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv };

function runBounded({ file, args, env }: Command, { timeLimitMs, signal }: ProgramRun): Promise<ProgramOutcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: dirname(file),
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: hasProcessGroups(),
      windowsHide: true,
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-keptErrorChars);
    });
    const end = () => child.pid !== undefined && endTree(child.pid, 'SIGKILL');
    const timer = setTimeout(() => {
      end();
      settle({ kind: 'failed', why: `it did not end within ${timeLimitMs / 1000} s` });
    }, timeLimitMs);
    const settle = (outcome: ProgramOutcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      // Whatever it left running holds nothing of ours.
      child.stderr.destroy();
      resolve(outcome);
    };
    signal.addEventListener('abort', end);
    child.once('error', (error) => settle({ kind: 'failed', why: error.message }));
    child.once('exit', (code) => {
      const why = errors.trim() || `it ended with ${code ?? 'a signal'}`;
      settle(code === 0 ? { kind: 'shown' } : { kind: 'failed', why });
    });
  });
}
