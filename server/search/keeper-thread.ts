/** The search thread that keeps the index: looks for what was changed, and does what the backend asks meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordCacheKib } from '../store/open-database.ts';
import { openReadOnly } from '../store/read-only.ts';
import { readerPause } from '../store/reader-pause.ts';
import { fileGate } from './file-gate.ts';
import { Names } from './names.ts';
import { SearchKeeper } from './search-keeper.ts';
import type { KeeperAsks, KeeperData, Progress, Request, Told } from './search-wire.ts';
import { sourcesOf } from './sources.ts';

type Tell = (told: Told) => void;
type Counted = { readonly indexed: number; readonly waiting: number; readonly taken: number };

const lookEveryMs = 1_000;
const tellEveryMs = 200;
/** The others come first. */
const giveEveryMs = 20;

export function keepInThread({ paths, gate, pause, lastPlaces }: KeeperData, tell: Tell) {
  const [sessions, btmsg] = [openReadOnly(paths.sessionsDb, recordCacheKib), openReadOnly(paths.btmsgDb, recordCacheKib)];
  const names = new Names(sessions, btmsg);
  const keeper = new SearchKeeper({
    path: paths.searchDb,
    sources: sourcesOf({ sessions, btmsg, names, pause: readerPause(pause) }),
    lastPlaces,
    gate: fileGate(gate),
    pause: () => nextTurn(),
    news: (message) => tell({ type: 'news', message }),
  });
  const course = new Course(keeper, tell);
  void course.follow();
  return (request: Request<KeeperAsks>) => course.answer(request);
}

class Course {
  readonly #keeper: SearchKeeper;
  readonly #tell: Tell;
  /** Undefined until it was told whether there is one. */
  #problem: string | null | undefined;
  #toldAt = 0;
  /** While there is much to take in: how it was when it began. */
  #filling: Counted | undefined;

  constructor(keeper: SearchKeeper, tell: Tell) {
    this.#keeper = keeper;
    this.#tell = tell;
  }

  /** Quickly while there is something, else now and then; a search looks by itself. What was freed goes when nothing came. */
  async follow(): Promise<void> {
    const hasMoved = this.#looked(() => this.#step());
    if (hasMoved) await nextTurn();
    const waitMs = hasMoved ? 0 : this.#looked(() => this.#keeper.giveBack()) ? giveEveryMs : lookEveryMs;
    setTimeout(() => void this.follow(), waitMs);
  }

  async answer(request: Request<KeeperAsks>): Promise<KeeperAsks[typeof request.do]['answer']> {
    switch (request.do) {
      case 'init':
        return this.#keeper.state();
      case 'freshen':
        return { isFresh: this.#keeper.freshen() };
      case 'catchUp':
        while (this.#step()) await nextTurn();
        return {};
      case 'rebuild':
        return this.#keeper.rebuild((count) => this.#tellSometimes(count)).finally(() => this.#tellNow(progressOf(this.#keeper.state())));
      case 'cancelRebuild':
        this.#keeper.cancelRebuild();
        return {};
      case 'replace':
        this.#keeper.replace(request.file);
        return {};
    }
  }

  #looked(look: () => boolean): boolean {
    try {
      const hasMoved = look();
      this.#became(null);
      return hasMoved;
    } catch (error) {
      this.#became(`The search cannot take in what is new: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  }

  #became(problem: string | null): void {
    if (problem !== this.#problem) this.#tell({ type: 'problem', problem });
    this.#problem = problem;
  }

  /** Says how far it is while there is much to take in, and when that is done. */
  #step(): boolean {
    const hasMoved = this.#keeper.step();
    const isBehind = hasMoved && this.#keeper.isBehind();
    if (isBehind) this.#tellSometimes(() => this.#howFar());
    else if (this.#filling) this.#tellNow(progressOf(this.#keeper.state()));
    if (!isBehind) this.#filling = undefined;
    return hasMoved;
  }

  /** Counted once and then reckoned: to count all there is, again and again, took longer than to take it in. */
  #howFar(): Progress {
    const taken = this.#keeper.taken();
    // An index that was made anew meanwhile begins from nothing.
    if (!this.#filling || taken < this.#filling.taken) this.#filling = { ...this.#keeper.state(), taken };
    const { indexed, waiting, taken: before } = this.#filling;
    const now = indexed + taken - before;
    // More may have come meanwhile, and it is not done yet.
    return { indexed: now, total: Math.max(indexed + waiting, now + 1) };
  }

  /** To count takes its time, so it is done only for what is told. */
  #tellSometimes(count: () => Progress): void {
    if (performance.now() - this.#toldAt >= tellEveryMs) this.#tellNow(count());
  }

  #tellNow(progress: Progress): void {
    this.#toldAt = performance.now();
    this.#tell({ type: 'progress', progress });
  }
}

function progressOf({ indexed, waiting }: { readonly indexed: number; readonly waiting: number }): Progress {
  return { indexed, total: indexed + waiting };
}
