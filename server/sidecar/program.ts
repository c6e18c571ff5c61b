/**
 * An agent's program as a child process in a process group of its own: lines in and out with bounds, the tail of its
 * stderr, and a stop that always ends.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LineSplitter } from '../base/line-splitter.ts';
import { AgorError, limits } from '../protocol/errors.ts';

export type ProgramOptions = {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** A line over `limits.agentLineBytes` was dropped. */
  readonly onOversize: (bytes: number) => void;
};

export type ProgramExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export interface Program {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  /** Resolves when the pipe has taken the line; a closed pipe is no error, the exit tells. */
  writeLine(line: string): Promise<void>;
  endInput(): void;
  /** The last 64 KiB of stderr. */
  stderrTail(): string;
  /** End of input, then SIGTERM, then SIGKILL to the group, each after `graceMs`. */
  stop(graceMs?: number): Promise<ProgramExit>;
}

/** Rejects with `agentFailed` when the program cannot be started, naming the command. */
export type ProgramStarter = (options: ProgramOptions) => Promise<Program>;

const stderrTailBytes = 64 * 1024;
const defaultGraceMs = 2_000;

export const startProgram: ProgramStarter = async (options) => {
  const [file, ...args] = options.command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // A group of its own: a signal to it reaches what the program started, and never the sidecar.
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(startFailure(options, error)));
  });
  return new ChildProgram(child, options);
};

function startFailure(options: ProgramOptions, cause: NodeJS.ErrnoException): AgorError {
  const what = options.command.join(' ');
  const why = cause.code === 'ENOENT' ? 'no such program was found' : cause.code === 'EACCES' ? 'it is not executable' : cause.message;
  return new AgorError('agentFailed', `The agent's program could not be started: ${why}. Tried: ${what} (in ${options.cwd}).`, { cause });
}

class ChildProgram implements Program {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #stderr = Buffer.alloc(0);
  #hasExited = false;

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, options: ProgramOptions) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    const splitter = new LineSplitter({ onLine: options.onLine, onOversize: options.onOversize }, { maxBytes: limits.agentLineBytes });
    child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
    child.stdout.on('end', () => splitter.end());
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-stderrTailBytes);
    });
    // EPIPE when the program is gone: its exit says so.
    child.stdin.on('error', () => {});
    this.exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.#hasExited = true;
      });
      // `close` comes after the last output was read, so that nothing said is missed.
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  writeLine(line: string): Promise<void> {
    return new Promise((resolve) => {
      this.#child.stdin.write(`${line}\n`, () => resolve());
    });
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  stderrTail(): string {
    return this.#stderr.toString('utf8');
  }

  async stop(graceMs = defaultGraceMs): Promise<ProgramExit> {
    this.endInput();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await settledWithin(this.exited, graceMs)) break;
      this.#signalGroup(signal);
    }
    // What the program started may outlive it and hold its pipes open.
    this.#signalGroup('SIGKILL');
    return this.exited;
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      // ESRCH: nothing is left in the group. A leader that exited keeps the number reserved while members live.
      if (!this.#hasExited && (error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([promise.then(() => true), timeout]);
  clearTimeout(timer);
  return settled;
}
