/**
 * An agent's program as a child process in a process group of its own: lines in and out with bounds, the tail of its
 * stderr, and a stop that always ends.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { delay } from '../base/delay.ts';
import { LineSplitter } from '../base/line-splitter.ts';
import { within } from '../base/within.ts';
import { AgorError, limits } from '../protocol/errors.ts';

export type ProgramOptions = {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** A line over `limits.agentLineBytes` was dropped. */
  readonly onOversize: (bytes: number) => void;
  /** While it is closed nothing is read of the program, which then waits on its full pipe. */
  readonly flow?: Flow | undefined;
};

/** Open or closed, and told when that changes. */
export type Flow = { readonly isOpen: boolean; onChange(listener: () => void): () => void };

export type ProgramExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export interface Program {
  readonly pid: number;
  /** Resolves when the program is gone, its last output was read and nothing is left of its process group. */
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

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const stderrTailBytes = 64 * 1024;
const defaultGraceMs = 2_000;
/** How long what the program started may go on after it, and how long its pipes may stay open. */
const leftoverGraceMs = 500;

export const startProgram: ProgramStarter = async (options) => {
  const child = spawnChild(options);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(startFailure(options, error)));
  });
  return new ChildProgram(child, options);
};

function spawnChild(options: ProgramOptions): Child {
  const [file, ...args] = options.command;
  try {
    return spawn(file, args, {
      cwd: options.cwd,
      env: { ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // A group of its own: a signal to it reaches what the program started, and never the sidecar.
      windowsHide: true,
    });
  } catch (error) {
    // An empty name or a null byte in an argument is refused at once, not by an event.
    throw startFailure(options, error instanceof Error ? error : new Error(String(error)));
  }
}

function startFailure(options: ProgramOptions, cause: NodeJS.ErrnoException): AgorError {
  const tried = `Tried: ${options.command.join(' ')} (in ${options.cwd}).`;
  return new AgorError('agentFailed', `The agent's program could not be started: ${startProblem(options, cause)}. ${tried}`, { cause });
}

/** The system says ENOENT for a missing folder as well as for a missing program. */
function startProblem(options: ProgramOptions, cause: NodeJS.ErrnoException): string {
  if (!existsSync(options.cwd)) return `the folder ${options.cwd} does not exist`;
  if (cause.code === 'ENOENT') return 'no such program was found';
  return cause.code === 'EACCES' ? 'it is not executable' : cause.message;
}

class ChildProgram implements Program {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  readonly #child: Child;
  #stderr = Buffer.alloc(0);

  constructor(child: Child, options: ProgramOptions) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.exited = this.#watchExit();
    const splitter = new LineSplitter({ onLine: options.onLine, onOversize: options.onOversize }, { maxBytes: limits.agentLineBytes });
    child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
    child.stdout.on('end', () => splitter.end());
    if (options.flow) this.#follow(options.flow);
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-stderrTailBytes);
    });
    // EPIPE when the program is gone, and a signal that came too late: the exit says all there is to say.
    child.stdin.on('error', () => {});
    child.on('error', () => {});
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
      if (await within(this.exited, graceMs)) break;
      this.#signalGroup(signal);
    }
    return this.exited;
  }

  /**
   * The group is cleared here and not later: its number stays reserved only while members live, and afterwards a
   * signal to it could reach strangers.
   */
  async #watchExit(): Promise<ProgramExit> {
    const closed = new Promise<void>((resolve) => {
      this.#child.once('close', () => resolve());
    });
    const exit = await new Promise<ProgramExit>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    if (signalGroup(this.#child, 'SIGTERM')) {
      for (let waitedMs = 0; waitedMs < leftoverGraceMs && signalGroup(this.#child, 0); waitedMs += 20) await delay(20);
      signalGroup(this.#child, 'SIGKILL');
    }
    // What left the group may hold the pipes open for ever.
    if (!(await within(closed, leftoverGraceMs))) {
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }
    return exit;
  }

  #follow(flow: Flow): void {
    const { stdout } = this.#child;
    const follow = () => (flow.isOpen ? stdout.resume() : stdout.pause());
    const stop = flow.onChange(follow);
    follow();
    stdout.once('close', stop);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) signalGroup(this.#child, signal);
  }
}

/** Whether anything was there to take the signal; 0 only asks. */
function signalGroup(child: Child, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === 'win32') return child.kill(signal);
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    // Nothing is left in the group, or it took another user's rights and is out of reach either way.
    return false;
  }
}
