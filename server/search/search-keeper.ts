/**
 * Keeps `search.db` and answers from it. One thread has it, so that it can be thrown away or exchanged as a file: an index
 * that cannot be used is made anew from the databases of record, and a new one is made beside the one that answers.
 */
import { renameSync, rmSync } from 'node:fs';
import { AgorError } from '../protocol/errors.ts';
import type { SearchAnswer } from '../protocol/search.ts';
import { Feed } from './feed.ts';
import { Finder, type Wish } from './finder.ts';
import type { Names } from './names.ts';
import { SearchIndex } from './search-index.ts';
import type { Progress } from './search-wire.ts';
import type { Source } from './sources.ts';

export type KeeperDeps = {
  readonly path: string;
  readonly sources: readonly Source[];
  readonly names: Names;
  /** The last place of each source when the backend opened it. */
  readonly lastPlaces: Readonly<Record<string, number>>;
  /** Lets those who ask get in between two batches. */
  readonly pause: () => Promise<void>;
  readonly news: (message: string) => void;
};

type Open = { readonly index: SearchIndex; readonly feed: Feed; readonly finder: Finder };
export type Rebuilt = { readonly indexed: number; readonly isCancelled: boolean };

export class SearchKeeper {
  readonly #deps: KeeperDeps;
  #open: Open;
  #rebuild: { isCancelled: boolean } | undefined;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#open = this.#openUsable();
  }

  /** Brings one batch in; false when nothing was left. */
  step(): boolean {
    return this.#renewed(() => this.#open.feed.step());
  }

  state(): { indexed: number; waiting: number } {
    return this.#renewed(() => ({ indexed: this.#open.index.count(), waiting: this.#open.feed.waiting() }));
  }

  /** What was just written is found too, unless there is much of it. */
  search(wish: Wish): SearchAnswer {
    return this.#renewed(() => {
      this.#open.feed.step();
      const { groups, remarks } = this.#open.finder.find(wish);
      return { groups, remarks: [...remarks], isComplete: !this.#open.feed.isBehind() };
    });
  }

  /** Makes a new index beside this one, which goes on answering, and puts it in its place whole. */
  async rebuild(tell: (progress: Progress) => void): Promise<Rebuilt> {
    if (this.#rebuild) throw new AgorError('conflict', 'The search index is being made anew already. Wait for it, or call it off.');
    const course = { isCancelled: false };
    this.#rebuild = course;
    const path = `${this.#deps.path}.new`;
    removeDatabase(path);
    const index = SearchIndex.open(path);
    try {
      const feed = new Feed(index, this.#deps.sources);
      const total = feed.waiting();
      while (!course.isCancelled && feed.step()) {
        tell({ indexed: Math.max(0, total - feed.waiting()), total });
        await this.#deps.pause();
      }
      const indexed = index.count();
      index.close();
      if (!course.isCancelled) this.#exchange(path);
      return { indexed, isCancelled: course.isCancelled };
    } finally {
      index.close();
      removeDatabase(path);
      this.#rebuild = undefined;
    }
  }

  cancelRebuild(): void {
    if (this.#rebuild) this.#rebuild.isCancelled = true;
  }

  close(): void {
    this.cancelRebuild();
    this.#open.index.close();
  }

  /** A kill in between leaves the old one, or none, which is made anew. */
  #exchange(path: string): void {
    this.#open.index.close();
    removeDatabase(this.#deps.path);
    renameSync(path, this.#deps.path);
    this.#open = this.#openIndex();
  }

  /** Damage that shows only now is met as at the start. */
  #renewed<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#open.index.close();
      this.#startAnew('was damaged');
      return work();
    }
  }

  #openUsable(): Open {
    try {
      const open = this.#openIndex();
      const { sources, lastPlaces } = this.#deps;
      if (sources.every(({ name }) => open.index.cursor(name) <= (lastPlaces[name] ?? 0))) return open;
      open.index.close();
      return this.#startAnew('is of other data than there is now');
    } catch {
      return this.#startAnew('could not be used');
    }
  }

  #startAnew(why: string): Open {
    removeDatabase(this.#deps.path);
    this.#open = this.#openIndex();
    this.#deps.news(`The search index ${why}, and is made anew from the databases; nothing else is touched.`);
    return this.#open;
  }

  #openIndex(): Open {
    const index = SearchIndex.open(this.#deps.path);
    return { index, feed: new Feed(index, this.#deps.sources), finder: new Finder(index.db, this.#deps.names) };
  }
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function isDamage(error: unknown): boolean {
  const { cause } = error instanceof AgorError ? error : { cause: error };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB');
}
