/**
 * Copies databases while they are written, through the backup API on the writer's own connection: in small steps between
 * which everybody else is served, and with the last step of all in one turn of the loop.
 */
import type { Database } from '../store/open-database.ts';
import { lastPages, Meeting, nextPages } from './meeting.ts';
import { SteadySync } from './steady-sync.ts';

export type CopySource = { readonly db: Database; readonly to: string };
export type CopyOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (copiedBytes: number, totalBytes: number) => void;
  /** Called in the very turn in which each is complete. */
  readonly onComplete: () => void;
};

type Step = { readonly totalPages: number; readonly remainingPages: number };

const firstPages = 500;
const all = 0x7fff_ffff;

/** Rejects with the signal's reason when that is given; what was copied is gone then. */
export async function copyTogether(sources: readonly CopySource[], options: CopyOptions): Promise<void> {
  const course = new Course(sources, options);
  try {
    await course.run();
  } finally {
    course.close();
  }
}

class Course {
  readonly #sources: readonly CopySource[];
  readonly #options: CopyOptions;
  readonly #meeting: Meeting;
  readonly #syncs: readonly SteadySync[];
  readonly #pageBytes: readonly number[];
  readonly #paces: readonly Pace[];
  readonly #copied: number[];
  readonly #totals: number[];
  readonly #running: Promise<void>[] = [];
  #failure: unknown;

  constructor(sources: readonly CopySource[], options: CopyOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#meeting = new Meeting(sources.length);
    this.#syncs = sources.map(({ to }) => new SteadySync(to));
    this.#pageBytes = sources.map(({ db }) => Number(db.pragma('page_size', { simple: true })));
    this.#paces = sources.map(() => new Pace());
    this.#copied = sources.map(() => 0);
    this.#totals = sources.map(() => 0);
  }

  async run(): Promise<void> {
    this.#start(0);
    // Others are started by the first step of the one before, so the list grows while it is waited for.
    for (let at = 0; at < this.#running.length; at += 1) await this.#running[at];
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    for (const sync of this.#syncs) sync.close();
  }

  #start(at: number): void {
    const source = this.#sources[at];
    if (!source) return;
    let isFirst = true;
    const progress = (step: Step) => {
      // Each begins after the one before it, and so steps after it in every turn of the loop.
      if (isFirst) this.#start(at + 1);
      isFirst = false;
      return this.#next(at, step);
    };
    const copied = source.db.backup(source.to, { progress }).then(
      () => this.#options.onComplete(),
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    this.#running.push(copied);
  }

  /** How many pages the step after this one takes; throws to give up. */
  #next(at: number, { totalPages, remainingPages }: Step): number {
    if (this.#failure !== undefined) throw this.#failure;
    this.#options.signal.throwIfAborted();
    this.#note(at, { totalPages, remainingPages });
    if (remainingPages <= lastPages) return this.#meeting.mayEnd(at, () => this.#isOnDisk()) ? all : 0;
    if (this.#syncs[at]?.isBehind) return 0;
    return Math.min(this.#paces[at]?.next() ?? firstPages, remainingPages - lastPages);
  }

  #note(at: number, { totalPages, remainingPages }: Step): void {
    const pageBytes = this.#pageBytes[at] ?? 0;
    this.#copied[at] = (totalPages - remainingPages) * pageBytes;
    this.#totals[at] = totalPages * pageBytes;
    this.#syncs[at]?.wrote(this.#copied[at]);
    this.#options.onProgress(sum(this.#copied), sum(this.#totals));
  }

  /** All that was copied so far; asked again until it is. */
  #isOnDisk(): boolean {
    return this.#syncs.map((sync) => sync.settle()).every(Boolean);
  }
}

/** How long each step takes: it is queued right behind the stamp. */
class Pace {
  #pages = firstPages;
  #beganAt: number | undefined;

  next(): number {
    if (this.#beganAt !== undefined) this.#pages = nextPages(this.#pages, performance.now() - this.#beganAt);
    setImmediate(() => {
      this.#beganAt = performance.now();
    });
    return this.#pages;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
