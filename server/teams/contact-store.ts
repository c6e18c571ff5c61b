/** The rows of `contacts`: who may write to whom, and who said so. */
import type { PartyId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type ContactRow = {
  readonly party: PartyId;
  readonly contact: PartyId;
  /** `group`: from `groups.json`, and gone when the file says so. Else the party who allowed it. */
  readonly origin: string;
  readonly createdAt: number;
};

export const groupOrigin = 'group';

const columns = 'party, contact, origin, created_at as createdAt';

export class ContactStore {
  readonly #put;
  readonly #drop;
  readonly #one;
  readonly #of;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into contacts (party, contact, origin, created_at, row_hash) values (:party, :contact, :origin, :createdAt, :rowHash)
       on conflict (party, contact) do update set origin = excluded.origin, created_at = excluded.created_at, row_hash = excluded.row_hash`,
    );
    this.#drop = db.prepare('delete from contacts where party = ? and contact = ?');
    this.#one = db.prepare<[string, string], ContactRow>(`select ${columns} from contacts where party = ? and contact = ?`);
    this.#of = db.prepare<[string], ContactRow>(`select ${columns} from contacts where party = ? order by created_at, contact`);
    this.#all = db.prepare<[], ContactRow>(`select ${columns} from contacts order by party, contact`);
  }

  get(party: PartyId, contact: PartyId): ContactRow | undefined {
    return this.#one.get(party, contact);
  }

  of(party: PartyId): ContactRow[] {
    return this.#of.all(party);
  }

  all(): ContactRow[] {
    return this.#all.all();
  }

  put(row: ContactRow): void {
    this.#put.run({ ...row, rowHash: rowHash([row.party, row.contact, row.origin, row.createdAt]) });
  }

  drop({ party, contact }: Pick<ContactRow, 'party' | 'contact'>): void {
    this.#drop.run(party, contact);
  }
}
