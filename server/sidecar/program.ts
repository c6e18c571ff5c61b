/**
 * An agent's program as a child process in a process group of its own: lines in and out with bounds, the tail of its
 * stderr, and a stop that always ends.
 */
import { type ChildProcessByStdio, type StdioOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { delay } from '../base/delay.ts';
import { endTree, hasProcessGroups, isTreeAlive } from '../base/end-tree.ts';
import { type LinePlace, LineSplitter } from '../base/line-splitter.ts';
import { within } from '../base/within.ts';
import { AgorError, limits } from '../protocol/errors.ts';
import { InsideSandbox } from './inside-sandbox.ts';

export type ProgramOptions = {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string, place: LinePlace) => void;
  /** A line over `limits.agentLineBytes` was dropped. */
  readonly onOversize: (place: LinePlace) => void;
  /** While it is closed nothing is read of the program, which then waits on its full pipe. */
  readonly flow?: Flow | undefined;
  /** Where the command, being bubblewrap, tells which process it started inside; above 2. */
  readonly infoFd?: number | null;
};

/** Open or closed, and told when that changes. */
export type Flow = { readonly isOpen: boolean; onChange(listener: () => void): () => void };

export type ProgramExit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We had told it to end before it did. */
  readonly wasAsked?: true;
  /** Which of its bounds ended it, as a noun: "its memory bound of 512 MB". */
  readonly overBound?: string;
};

export interface Program {
  readonly pid: number;
  /** Resolves when the program is gone, its last output was read and nothing is left of its process group. */
  readonly exited: Promise<ProgramExit>;
  /** Resolves when the pipe has taken the line; a closed pipe is no error, the exit tells. */
  writeLine(line: string): Promise<void>;
  endInput(): void;
  /** The last 64 KiB of stderr. */
  stderrTail(): string;
  /** The first process inside the sandbox around it; null without one, and until it has told. */
  insidePid(): number | null;
  /** End of input, then SIGTERM, then SIGKILL to the group, each after `graceMs`. */
  stop(graceMs?: number): Promise<ProgramExit>;
  /** The same without waiting for what it makes of the end of its input. */
  terminate(graceMs: number): Promise<ProgramExit>;
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
    // What comes after the first three pipes does not change what those are.
    return spawn(file, args, {
      cwd: options.cwd,
      env: { ...options.environment },
      stdio: stdioOf(options.infoFd ?? null),
      detached: true, // A group of its own: a signal to it reaches what the program started, and never the sidecar.
      windowsHide: true,
    }) as Child;
  } catch (error) {
    // An empty name or a null byte in an argument is refused at once, not by an event.
    throw startFailure(options, error instanceof Error ? error : new Error(String(error)));
  }
}

function stdioOf(infoFd: number | null): StdioOptions {
  const pipes = ['pipe', 'pipe', 'pipe'] as const;
  return infoFd === null ? [...pipes] : [...pipes, ...Array<'ignore'>(infoFd - 3).fill('ignore'), 'pipe'];
}

/** Names the command and the folder; the system's own error is its cause. */
export function startFailure(options: Pick<ProgramOptions, 'command' | 'cwd'>, cause: NodeJS.ErrnoException): AgorError {
  const tried = `Tried: ${options.command.join(' ')} (in ${options.cwd}).`;
  return new AgorError('agentFailed', `The agent's program could not be started: ${startProblem(options, cause)}. ${tried}`, { cause });
}

/** The system says ENOENT for a missing folder as well as for a missing program. */
function startProblem(options: Pick<ProgramOptions, 'cwd'>, cause: NodeJS.ErrnoException): string {
  if (!existsSync(options.cwd)) return `the folder ${options.cwd} does not exist`;
  if (cause.code === 'ENOENT') return 'no such program was found';
  return cause.code === 'EACCES' ? 'it is not executable' : cause.message;
}

class ChildProgram implements Program {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  readonly #child: Child;
  /** Absent when the program is our own child, and no sandbox's. */
  readonly #inside: InsideSandbox | undefined;
  #stderr = Buffer.alloc(0);
  #wasAsked = false;

  constructor(child: Child, options: ProgramOptions) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.exited = this.#watchExit();
    const info = child.stdio[options.infoFd ?? -1];
    if (info instanceof Readable) this.#inside = new InsideSandbox(info);
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
    this.#wasAsked = true;
    this.#child.stdin.end();
  }

  stderrTail(): string {
    return this.#stderr.toString('utf8');
  }

  insidePid(): number | null {
    return this.#inside?.firstPid ?? null;
  }

  async stop(graceMs = defaultGraceMs): Promise<ProgramExit> {
    this.endInput();
    return (await within(this.exited, graceMs)) ? this.exited : this.terminate(graceMs);
  }

  async terminate(graceMs: number): Promise<ProgramExit> {
    this.#wasAsked = true;
    // The sandbox itself would die of it, and take the program along without a warning.
    if (!this.#inside?.signal('SIGTERM')) this.#signalGroup('SIGTERM');
    if (!(await within(this.exited, graceMs))) this.#signalGroup('SIGKILL');
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
      this.#child.once('exit', (code, signal) => resolve(this.#wasAsked ? { code, signal, wasAsked: true } : { code, signal }));
    });
    await this.#clearGroup();
    // What left the group may hold the pipes open for ever.
    if (!(await within(closed, leftoverGraceMs))) {
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }
    return exit;
  }

  async #clearGroup(): Promise<void> {
    // Without groups its number may be a stranger's by now, and nothing names what it left behind.
    if (!hasProcessGroups()) return;
    // With its sandbox everything inside has ended, and nothing outside was its own.
    if (!this.#inside && endTree(this.pid, 'SIGTERM')) {
      for (let waitedMs = 0; waitedMs < leftoverGraceMs && isTreeAlive(this.pid); waitedMs += 20) await delay(20);
    }
    endTree(this.pid, 'SIGKILL');
  }

  #follow(flow: Flow): void {
    const { stdout } = this.#child;
    const follow = () => (flow.isOpen ? stdout.resume() : stdout.pause());
    const stop = flow.onChange(follow);
    follow();
    stdout.once('close', stop);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) endTree(this.pid, signal);
  }
}
