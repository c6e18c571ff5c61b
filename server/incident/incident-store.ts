/** The row of the incident that lasts. */
import type { Incident } from '../protocol/incident.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** `leftMs`: when it was last looked at. */
export type KeptIncident = Incident & { readonly leftMs: number };

export class IncidentStore {
  readonly #get;
  readonly #put;
  readonly #remove;

  constructor(db: Database) {
    this.#get = db.prepare<[], KeptIncident>(
      'select began_at as beganAt, ends_at as endsAt, left_ms as leftMs, reason from incident where place = 1',
    );
    this.#put = db.prepare(
      `insert into incident (place, began_at, ends_at, left_ms, reason, row_hash) values (?, ?, ?, ?, ?, ?)
       on conflict (place) do update set began_at = excluded.began_at, ends_at = excluded.ends_at, left_ms = excluded.left_ms,
         reason = excluded.reason, row_hash = excluded.row_hash`,
    );
    this.#remove = db.prepare('delete from incident');
  }

  get(): KeptIncident | undefined {
    return this.#get.get();
  }

  put({ beganAt, endsAt, leftMs, reason }: KeptIncident): void {
    const cells = [1, beganAt, endsAt, leftMs, reason];
    this.#put.run(...cells, rowHash(cells));
  }

  remove(): void {
    this.#remove.run();
  }
}
