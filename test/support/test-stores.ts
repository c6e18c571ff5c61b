/** The two databases of record in a folder of their own, for tests. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../../server/base/data-paths.ts';
import type { Database } from '../../server/store/open-database.ts';
import { openStores, type Stores } from '../../server/stores.ts';

export class TestStores {
  readonly dir = mkdtempSync(join(tmpdir(), 'agor-stores-'));
  readonly paths = dataPaths(this.dir);
  #open: Stores = openStores(this.paths);

  get stores(): Stores {
    return this.#open;
  }

  /** A folder to be a project. */
  folder(name: string): string {
    const path = join(this.dir, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** As the next backend does it, after one that ended in order. */
  reopen(): Stores {
    this.#open.close();
    this.#open = openStores(this.paths);
    return this.#open;
  }

  /** As the next backend does it, after one that was killed: the marks are those that were last saved. */
  reopenAfterKill(): Stores {
    this.#open.sessions.close();
    this.#open.btmsg.close();
    this.#open = openStores(this.paths);
    return this.#open;
  }

  remove(): void {
    this.#open.close();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** From here on the file may not grow: SQLite then answers as on a full disk. Returns what makes room again. */
export function fillDisk(db: Database): () => void {
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  return () => void db.pragma('max_page_count = 1073741823');
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

export function auditEvents(stores: Stores): string[] {
  return stores.btmsg.db.prepare<[], string>('select event from audit_log order by seq').pluck().all();
}
