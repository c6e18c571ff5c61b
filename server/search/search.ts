/** The search as the backend has it: a thread that keeps the index, and threads that ask it when somebody searches. */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SearchAnswer, SearchGroup, SearchOrder } from '../protocol/search.ts';
import type { Database } from '../store/open-database.ts';
import { pauseMemory } from '../store/reader-pause.ts';
import { gateMemory, openGate } from './file-gate.ts';
import { allGroups, type Wish as FinderWish, type Found } from './finder.ts';
import type { FinderAsks, KeeperAsks, Progress, SearchPaths, ThreadData, Told } from './search-wire.ts';
import { SearchWorker, type WorkerDeps } from './search-worker.ts';
import { ThreadRest } from './thread-rest.ts';

export type SearchDeps = {
  readonly program: string;
  readonly paths: SearchPaths;
  readonly sessions: Database;
  readonly btmsg: Database;
  /** By which those who write ask those who read to wait for a moment; without it nobody asks. */
  readonly pause?: SharedArrayBuffer;
  /** How often something was committed; without it the threads never rest. */
  readonly written?: () => number;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Wish = {
  readonly query: string;
  readonly groups?: readonly SearchGroup[] | undefined;
  readonly order?: SearchOrder | undefined;
  readonly limit?: number | undefined;
};

const usualLimit = 20;
/** So long a search waits for what was just written; with more to take in than that, it says that it is not complete. */
const freshWithinMs = 500;

export class Search {
  readonly progressed = new Emitter<Progress>();
  readonly changed = new Emitter<void>();
  readonly #deps: SearchDeps;
  readonly #keeper: SearchWorker<KeeperAsks>;
  readonly #finders: Readonly<Record<SearchOrder, SearchWorker<FinderAsks>>>;
  readonly #gate = gateMemory();
  #problem: string | null = null;
  /** Much waits to be taken in, so that nobody waits for it. */
  #isFilling = false;
  /** The index was opened, and compared with what there was before anything was written. */
  #isChecked = false;
  #isClosed = false;
  /** The last places when the keeper said that all up to them is in; undefined where that may be so no more. */
  #freshUpTo: string | undefined;
  readonly #lastPlaces: () => Record<string, number>;
  #stopStarting = () => {};
  readonly #rest: ThreadRest | undefined;
  #stopResting = () => {};

  /** To be made before anything is written: an index that is ahead of what there is now is of other data. */
  constructor(deps: SearchDeps) {
    this.#deps = deps;
    const { sessionsDb, btmsgDb, searchDb } = deps.paths;
    const paths = { sessionsDb, btmsgDb, searchDb };
    const pause = deps.pause ?? pauseMemory();
    const gate = this.#gate;
    this.#lastPlaces = lastPlacesOf(deps);
    const atFirst = this.#lastPlaces();
    const keeper = () => ({ role: 'keeper', paths, gate, pause, lastPlaces: this.#isChecked ? this.#lastPlaces() : atFirst }) as const;
    this.#keeper = new SearchWorker(this.#worker(keeper, (reason) => this.#keeperEnded(reason)));
    const ended = (reason: string) => deps.log(`A search thread was lost: ${reason}`, {});
    const finder = () => new SearchWorker<FinderAsks>(this.#worker(() => ({ role: 'finder', paths, gate }), ended));
    this.#finders = { newest: finder(), best: finder() };
    const { written, clock, log } = deps;
    if (written) this.#rest = new ThreadRest({ keeper: this.#keeper, finders: Object.values(this.#finders), written, clock, log });
  }

  /** What is wrong now, in a sentence. */
  problems(): string[] {
    return this.#problem === null ? [] : [this.#problem];
  }

  /** A thread is still inside a statement, and the process cannot end by itself until that is done. */
  get isStuck(): boolean {
    return this.#workers().some((worker) => worker.isStuck);
  }

  start(): void {
    this.#keeper.start();
    this.#stopResting = this.#rest?.follow() ?? this.#stopResting;
  }

  init(): Promise<KeeperAsks['init']['answer']> {
    return this.#keeper.ask('init', {});
  }

  async all({ query, groups = allGroups, order = 'newest', limit = usualLimit }: Wish): Promise<SearchAnswer> {
    // In the order in which they are shown, whatever the order in which they were named.
    const wanted = allGroups.filter((group) => groups.includes(group));
    const wish: FinderWish = { query, groups: wanted, order, limit, now: this.#deps.clock.now() };
    const isComplete = await this.#freshen();
    const found = await this.#find(wish);
    if (!isComplete && !this.#isFilling) void this.#tellWhenIn();
    return { groups: [...found.groups], remarks: [...found.remarks], isComplete };
  }

  rebuild(): Promise<KeeperAsks['rebuild']['answer']> {
    return this.#keeper.ask('rebuild', {});
  }

  async cancelRebuild(): Promise<void> {
    await this.#keeper.ask('cancelRebuild', {});
  }

  /** Brings in all that waits. */
  async catchUp(): Promise<void> {
    await this.#keeper.ask('catchUp', {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopStarting();
    this.#stopResting();
    await Promise.all(this.#workers().map((worker) => worker.close()));
  }

  async #find(wish: FinderWish): Promise<Found> {
    this.#rest?.searched();
    const finder = this.#finders[wish.order];
    const answer = await finder.ask('search', { wish });
    if ('found' in answer) return answer.found;
    this.#freshUpTo = undefined;
    await this.#keeper.ask('replace', { file: answer.damaged });
    const again = await finder.ask('search', { wish });
    if ('found' in again) return again.found;
    throw new AgorError('unavailable', 'The search index was damaged again while it was made anew. Search again in a moment.');
  }

  /** Who was told that there may be more hears of it when it is in; of much of it the thread tells by itself. */
  async #tellWhenIn(): Promise<void> {
    try {
      const { indexed, waiting } = await this.#keeper.ask('init', {});
      if (waiting === 0) this.progressed.emit({ indexed, total: indexed });
    } catch {
      // That the index is not kept is told as a problem.
    }
  }

  /** What was just written is found too, unless there is much of it. An index that cannot be fed can still be asked. */
  async #freshen(): Promise<boolean> {
    if (this.#isFilling) return false;
    const places = JSON.stringify(this.#lastPlaces());
    // To ask another thread takes longer than to find a rare word.
    if (places === this.#freshUpTo) return true;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const callOff = this.#deps.clock.after(freshWithinMs, () => resolve(false));
    const freshened = this.#keeper.ask('freshen', {}).then(
      ({ isFresh }) => {
        if (isFresh) this.#freshUpTo = places;
        return isFresh;
      },
      () => false,
    );
    return Promise.race([freshened, late]).finally(callOff);
  }

  #worker(data: () => ThreadData, ended: (reason: string) => void): WorkerDeps {
    const { program, clock } = this.#deps;
    const lost = (reason: string) => {
      openGate(this.#gate);
      ended(reason);
    };
    return { program, data, clock, hear: (told) => this.#hear(told), ended: lost };
  }

  #workers() {
    return [this.#keeper, ...Object.values(this.#finders)];
  }

  #hear(told: Exclude<Told, { type: 'answer' | 'failed' }>): void {
    if (told.type === 'ready') return;
    if (told.type === 'news') {
      // The index was made anew, from nothing.
      this.#freshUpTo = undefined;
      return this.#deps.log(told.message, {});
    }
    if (told.type === 'problem') return this.#hearProblem(told.problem);
    const { indexed, total } = told.progress;
    this.#isFilling = indexed < total;
    this.progressed.emit(told.progress);
  }

  #hearProblem(problem: string | null): void {
    if (problem === null) this.#isChecked = true;
    this.#became(problem);
  }

  #became(problem: string | null): void {
    if (problem === this.#problem) return;
    if (problem !== null) this.#deps.log(problem, {});
    this.#problem = problem;
    this.changed.emit();
  }

  /** Without it nothing new is found, so it is not left to the next search to start it again. */
  #keeperEnded(reason: string): void {
    this.#isFilling = false;
    this.#freshUpTo = undefined;
    if (this.#isClosed) return;
    this.#became(`The search index is not kept now: ${reason} It is tried again by itself.`);
    this.#stopStarting();
    this.#stopStarting = this.#deps.clock.after(this.#keeper.waitMs, () => this.#keeper.start());
  }
}

function lastPlacesOf({ sessions, btmsg }: SearchDeps): () => Record<string, number> {
  const lastChange = (db: Database) => db.prepare<[], number>(`select seq from sqlite_sequence where name = 'search_changes'`).pluck();
  const [changed, changedMail] = [lastChange(sessions), lastChange(btmsg)];
  const audited = btmsg.prepare<[], number | null>('select max(seq) from audit_log').pluck();
  return () => ({ sessions: changed.get() ?? 0, btmsg: changedMail.get() ?? 0, audit: audited.get() ?? 0 });
}
