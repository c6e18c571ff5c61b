/**
 * When the threads of the search rest. Each holds more than ten megabytes, and most of its life a backend does nothing:
 * the one that keeps the index ends when it has everything and nothing more was written for a while, and is started by the
 * next commit; those that only ask end when nobody has searched for a while, and are started by the next search.
 */
import type { Clock } from '../base/clock.ts';
import type { FinderAsks, KeeperAsks } from './search-wire.ts';
import type { SearchWorker } from './search-worker.ts';

export type RestDeps = {
  readonly keeper: Pick<SearchWorker<KeeperAsks>, 'isAwake' | 'waitMs' | 'start' | 'ask' | 'rest'>;
  readonly finders: readonly Pick<SearchWorker<FinderAsks>, 'rest'>[];
  /** How often something was committed. */
  readonly written: () => number;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const lookEveryMs = 1_000;
const keeperRestsAfterMs = 10_000;
/** Somebody who searches soon searches again. */
const findersRestAfterMs = 5 * 60_000;

export class ThreadRest {
  readonly #deps: RestDeps;
  #seen: number;
  #writtenAt: number;
  #searchedAt: number;
  #isAsking = false;
  #stopLooking = () => {};

  constructor(deps: RestDeps) {
    this.#deps = deps;
    this.#seen = deps.written();
    this.#writtenAt = deps.clock.elapsed();
    this.#searchedAt = this.#writtenAt;
  }

  follow(): () => void {
    this.#wait();
    return () => this.#stopLooking();
  }

  searched(): void {
    this.#searchedAt = this.#deps.clock.elapsed();
  }

  #wait(): void {
    this.#stopLooking = this.#deps.clock.after(lookEveryMs, () => {
      this.#wait();
      this.#look();
    });
  }

  #look(): void {
    const { keeper, finders, clock, written } = this.#deps;
    const now = clock.elapsed();
    if (now - this.#searchedAt >= findersRestAfterMs) for (const finder of finders) finder.rest();
    const count = written();
    if (count !== this.#seen) {
      this.#seen = count;
      this.#writtenAt = now;
      // One that was lost is started by whoever noticed, in its time.
      if (keeper.waitMs === 0) keeper.start();
    } else if (keeper.isAwake && !this.#isAsking && now - this.#writtenAt >= keeperRestsAfterMs) void this.#restIfDone();
  }

  async #restIfDone(): Promise<void> {
    const { keeper, written, log } = this.#deps;
    this.#isAsking = true;
    try {
      const { isFresh } = await keeper.ask('freshen', {});
      if (isFresh && written() === this.#seen) keeper.rest();
    } catch (err) {
      log('the thread that keeps the search index was not sent to rest', { err });
    } finally {
      this.#isAsking = false;
    }
  }
}
