/**
 * Keeps `search.db`. One thread has it, so that it can be thrown away or exchanged as a file: an index that cannot be used
 * is made anew from the databases of record, and a new one is made beside the one that answers.
 */
import { lstatSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { AgorError } from '../protocol/errors.ts';
import { Feed } from './feed.ts';
import type { Gate } from './file-gate.ts';
import { isDamage, isPassing } from './index-damage.ts';
import { SearchIndex } from './search-index.ts';
import { identityOf } from './search-reader.ts';
import type { FileIdentity, Progress } from './search-wire.ts';
import type { Source } from './sources.ts';

export type KeeperDeps = {
  readonly path: string;
  readonly sources: readonly Source[];
  /** The last place of each source when the backend opened it. */
  readonly lastPlaces: Readonly<Record<string, number>>;
  /** Nobody else opens the file while this changes which it is. */
  readonly gate: Gate;
  /** Lets those who ask get in between two batches. */
  readonly pause: () => Promise<void>;
  readonly news: (message: string) => void;
};

type Open = { readonly index: SearchIndex; readonly feed: Feed };
export type Rebuilt = { readonly indexed: number; readonly isCancelled: boolean };

export class SearchKeeper {
  readonly #deps: KeeperDeps;
  /** Opened when it is needed: where the disk refuses it now, it is tried again each time. */
  #open: Open | undefined;
  /** Whether the index is of these databases is asked once: what it takes in from then on is theirs. */
  #isOurs = false;
  #rebuild: { isCancelled: boolean } | undefined;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** Brings one batch in; false when nothing was left. */
  step(): boolean {
    return this.#renewed(({ feed }) => feed.step());
  }

  /** What was freed in the index, a step at a time; false when little is left. */
  giveBack(): boolean {
    return this.#renewed(({ index }) => index.giveBack());
  }

  isBehind(): boolean {
    return this.#renewed(({ feed }) => feed.isBehind());
  }

  /** One step; answers whether all that there was before it is in: more may always come meanwhile. */
  freshen(): boolean {
    return this.#renewed(({ feed }) => {
      const there = feed.places();
      feed.step();
      return feed.hasAll(there);
    });
  }

  state(): { indexed: number; waiting: number } {
    return this.#renewed(({ index, feed }) => ({ indexed: index.count(), waiting: feed.waiting() }));
  }

  /** How many documents this index was given and lost since it was opened: nothing has to be counted for it. */
  taken(): number {
    return this.#renewed(({ feed }) => feed.taken);
  }

  /** Makes a new index beside this one, which goes on answering, and puts it in its place whole. */
  async rebuild(tell: (count: () => Progress) => void): Promise<Rebuilt> {
    if (this.#rebuild) throw new AgorError('conflict', 'The search index is being made anew already. Wait for it, or call it off.');
    const course = { isCancelled: false };
    this.#rebuild = course;
    const path = `${this.#deps.path}.new`;
    removeDatabase(path);
    try {
      const index = SearchIndex.open(path);
      try {
        await this.#fill(index, course, tell);
        const indexed = index.count();
        index.close();
        if (!course.isCancelled) this.#deps.gate(() => this.#exchange(path));
        return { indexed, isCancelled: course.isCancelled };
      } finally {
        index.close();
      }
    } finally {
      removeDatabase(path);
      this.#rebuild = undefined;
    }
  }

  cancelRebuild(): void {
    if (this.#rebuild) this.#rebuild.isCancelled = true;
  }

  /** Somebody found this file damaged; one that was replaced meanwhile is another. */
  replace(file: FileIdentity): void {
    if (identityOf(this.#deps.path) === file) this.#deps.gate(() => this.#startAnew('was damaged'));
  }

  close(): void {
    this.cancelRebuild();
    this.#shut();
  }

  async #fill(index: SearchIndex, course: { readonly isCancelled: boolean }, tell: (count: () => Progress) => void): Promise<void> {
    const feed = new Feed(index, this.#deps.sources);
    const total = feed.waiting();
    while (!course.isCancelled && feed.step()) {
      tell(() => ({ indexed: Math.min(total, feed.taken), total }));
      await this.#deps.pause();
    }
  }

  /** A kill in between leaves the old one, or none, which is made anew. */
  #exchange(path: string): void {
    this.#shut();
    removeDatabase(this.#deps.path);
    renameSync(path, this.#deps.path);
  }

  /** Damage that shows only now is met as at the start. */
  #renewed<T>(work: (open: Open) => T): T {
    const open = this.#opened();
    try {
      return work(open);
    } catch (error) {
      if (!isDamage(error)) throw error;
      return work(this.#deps.gate(() => this.#startAnew('was damaged')));
    }
  }

  #opened(): Open {
    this.#open ??= this.#deps.gate(() => this.#openUsable());
    return this.#open;
  }

  #openUsable(): Open {
    const why = this.#clearPlace();
    if (why !== null) return this.#startAnew(why);
    try {
      const open = this.#openIndex();
      const { sources, lastPlaces } = this.#deps;
      this.#isOurs ||= sources.every(({ name }) => open.index.cursor(name) <= (lastPlaces[name] ?? 0));
      if (this.#isOurs) return open;
      open.index.close();
    } catch (error) {
      if (isPassing(error)) throw error;
      return this.#startAnew('could not be used');
    }
    return this.#startAnew('is of other data than there is now');
  }

  /** A folder at its place is no index; what somebody put into one is not ours to remove. */
  #clearPlace(): string | null {
    const { path } = this.#deps;
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
    if (readdirSync(path).length === 0) {
      rmdirSync(path);
      return 'was an empty folder';
    }
    const aside = `${path}.set-aside-${Date.now()}`;
    renameSync(path, aside);
    return `was a folder, which is now ${aside},`;
  }

  #startAnew(why: string): Open {
    this.#shut();
    removeDatabase(this.#deps.path);
    this.#open = this.#openIndex();
    this.#isOurs = true;
    this.#deps.news(`The search index ${why}, and is made anew from the databases; nothing else is touched.`);
    return this.#open;
  }

  #openIndex(): Open {
    const index = SearchIndex.open(this.#deps.path);
    return { index, feed: new Feed(index, this.#deps.sources) };
  }

  #shut(): void {
    this.#open?.index.close();
    this.#open = undefined;
  }
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}
