/**
 * Looks at the files that agents have written, so many every few seconds, and at once at those that matter now. One at a
 * time and never waited for: a file system that does not answer holds up one look, and nothing else.
 */
import { stat } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import type { FileState } from './file-change.ts';
import type { WrittenFiles } from './written-files.ts';

export type FileLooksDeps = {
  readonly clock: Clock;
  readonly files: Pick<WrittenFiles, 'has' | 'looked' | 'dueLooks' | 'worthALook'>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  /** As the file system has it, unless given. */
  readonly stateOf?: (path: string) => Promise<FileState>;
};

export const lookEveryMs = 5_000;
export const looksPerRound = 200;
const mostWaiting = 1_000;

export class FileLooks {
  readonly #deps: FileLooksDeps;
  /** By path, whether a window says that the person has just saved it. */
  readonly #waiting = new Map<string, boolean>();
  #work: Promise<void> | undefined;
  #callOff: () => void = () => {};

  constructor(deps: FileLooksDeps) {
    this.#deps = deps;
    deps.files.worthALook.on((path) => this.#add(path, false));
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => {
      this.start();
      this.#round();
    });
  }

  close(): void {
    this.#callOff();
    this.#waiting.clear();
  }

  /** Those that no agent has touched are of no concern. */
  saved(paths: readonly string[]): void {
    for (const path of paths) if (this.#deps.files.has(path)) this.#add(path, true);
  }

  /** All that were asked for until now are done. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** None while those of the round before are still not done. */
  #round(): void {
    if (this.#waiting.size > 0) return;
    for (const path of this.#deps.files.dueLooks(looksPerRound)) this.#add(path, false);
  }

  #add(path: string, isSaved: boolean): void {
    if (this.#waiting.size >= mostWaiting) return;
    this.#waiting.set(path, isSaved || this.#waiting.get(path) === true);
    this.#work ??= this.#lookAtAll();
  }

  async #lookAtAll(): Promise<void> {
    // What comes in one moment is one work.
    await Promise.resolve();
    for (const [path, isSaved] of this.#waiting) {
      this.#waiting.delete(path);
      await this.#lookAt(path, isSaved);
    }
    this.#work = undefined;
  }

  async #lookAt(path: string, isSaved: boolean): Promise<void> {
    const { clock, files, log, stateOf = stateOnDisk } = this.#deps;
    const at = clock.now();
    try {
      files.looked(path, { at, state: await stateOf(path) }, isSaved);
    } catch (err) {
      log('a file that an agent has written cannot be looked at', { path, err });
    }
  }
}

async function stateOnDisk(path: string): Promise<FileState> {
  try {
    const { mtimeMs, ctimeMs, size } = await stat(path);
    return { mtimeMs, ctimeMs, size };
  } catch (error) {
    if (isGone(error)) return 'missing';
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
