/** Which secrets windows keep, by name and time: each value stays in VS Code's own store. */
import type { AuditEntry } from '../audit/audit-log.ts';
import type { SecretInfo } from '../protocol/secret.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type SecretNamesDeps = {
  readonly db: Database;
  readonly write: <T>(work: () => T) => T;
  readonly audit: (entry: AuditEntry) => void;
  readonly now: () => number;
};

export class SecretNames {
  readonly #deps: SecretNamesDeps;
  readonly #put;
  readonly #remove;
  readonly #all;

  constructor(deps: SecretNamesDeps) {
    this.#deps = deps;
    this.#put = deps.db.prepare(
      `insert into secret_names (name, updated_at, row_hash) values (:name, :updatedAt, :rowHash)
       on conflict (name) do update set updated_at = excluded.updated_at, row_hash = excluded.row_hash`,
    );
    this.#remove = deps.db.prepare('delete from secret_names where name = ?');
    this.#all = deps.db.prepare<[], Omit<SecretInfo, 'source'>>('select name, updated_at as updatedAt from secret_names order by name');
  }

  list(): SecretInfo[] {
    return this.#all.all().map((row) => ({ ...row, source: 'window' }));
  }

  /** It has another value, of which its own audit row tells. */
  touch(name: string): void {
    const at = this.#deps.now();
    this.#deps.write(() => this.#put.run({ name, updatedAt: at, rowHash: rowHash([name, at]) }));
  }

  /** The audit row is in another file and goes first: a change may be told that did not happen, never the reverse. */
  record(name: string, isDeleted: boolean, actor: string): void {
    const at = this.#deps.now();
    this.#deps.audit({ at, event: 'secret_recorded', agentId: null, actor, detail: { name, deleted: isDeleted } });
    this.#deps.write(() => {
      if (isDeleted) this.#remove.run(name);
      else this.#put.run({ name, updatedAt: at, rowHash: rowHash([name, at]) });
    });
  }
}
