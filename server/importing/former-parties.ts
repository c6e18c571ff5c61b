/** Agents of the original system that are none of ours: only names under which old messages are read. */
import type { PartyId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';

const prefix = 'former:';
export const formerKind = 'former';

/** The source is part of it: two systems may have had agents of the same id. */
export function formerId(source: string, originalId: string): string {
  return `${prefix}${source}:${originalId}`;
}

export class FormerParties {
  readonly #name;

  constructor(db: Database) {
    this.#name = db
      .prepare<[string, string, string], string>('select local_id from imported where source = ? and kind = ? and key = ?')
      .pluck();
  }

  /** Undefined for a party that no import has brought. */
  name(party: PartyId): string | undefined {
    if (!party.startsWith(prefix)) return undefined;
    const [source = ''] = party.slice(prefix.length).split(':', 1);
    return this.#name.get(source, formerKind, party);
  }
}
