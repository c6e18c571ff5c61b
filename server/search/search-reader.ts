/** Answers from `search.db` as it is now: its file may be exchanged for a new one between two questions. */
import { statSync } from 'node:fs';
import type { Database } from '../store/open-database.ts';
import { openReadOnly } from '../store/read-only.ts';
import type { Gate } from './file-gate.ts';
import { Finder, type Found, type Wish } from './finder.ts';
import { isDamage } from './index-damage.ts';
import type { Names } from './names.ts';
import type { FileIdentity } from './search-wire.ts';

/** Enough for the part of the index that counting looks up for each hit. */
const cacheKibibytes = 16_384;

export class DamagedIndex extends Error {
  readonly file: FileIdentity;

  constructor(file: FileIdentity, cause: unknown) {
    super('The search index is damaged.', { cause });
    this.file = file;
  }
}

type Open = { readonly file: FileIdentity; readonly db: Database; readonly finder: Finder };

export type ReaderDeps = {
  readonly path: string;
  readonly names: Names;
  readonly gate: Gate;
};

export class SearchReader {
  readonly #deps: ReaderDeps;
  #open: Open | undefined;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  /** Throws `DamagedIndex` when the index has to be made anew. */
  search(wish: Wish): Found {
    const file = identityOf(this.#deps.path);
    try {
      const open = this.#opened(file);
      return open.db.transaction(() => open.finder.find(wish))();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.close();
      throw new DamagedIndex(file, error);
    }
  }

  close(): void {
    this.#open?.db.close();
    this.#open = undefined;
  }

  #opened(file: FileIdentity): Open {
    return this.#open?.file === file ? this.#open : this.#deps.gate(() => this.#anew(file));
  }

  #anew(file: FileIdentity): Open {
    this.close();
    if (file === '') throw new Error('There is no search index yet; it is made by itself.');
    const { names } = this.#deps;
    const db = openReadOnly(this.#deps.path);
    db.pragma(`cache_size = -${cacheKibibytes}`);
    this.#open = { file, db, finder: new Finder(db, names) };
    return this.#open;
  }
}

/** Empty for none. */
export function identityOf(path: string): FileIdentity {
  const { dev, ino } = statSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
  return ino === undefined ? '' : `${dev}:${ino}`;
}
