/** A data directory as large as years of work leave it: rows with their hashes, and an audit log with its chain. */
import { HashedTable } from '../../server/store/hashed-table.ts';
import type { Stores } from '../../server/stores.ts';

const rowsAtOnce = 10_000;
const sessions = 400;
/** Of an entry, with what SQLite keeps of it: about 950 bytes in the file, its index and the list of changes included. */
const bodyChars = 520;

/** So many entries of transcripts, and a quarter as many rows of the audit log. */
export function fillStores({ sessions: file, btmsg, audit }: Stores, items: number): void {
  const table = new HashedTable(file.db, 'items');
  for (let from = 0; from < items; from += rowsAtOnce) {
    const upTo = Math.min(items, from + rowsAtOnce);
    file.write(() => {
      for (let n = from; n < upTo; n += 1) table.insert(itemRow(n));
    });
    btmsg.write(() => {
      for (let n = from; n < upTo; n += 4)
        audit.append({ at: n, event: 'turn_ended', agentId: `agent-${n % 50}`, actor: 'sidecar', detail: { n, text: wordsOf(n, 200) } });
    });
  }
  for (const { db } of [file, btmsg]) db.pragma('wal_checkpoint(truncate)');
}

export function itemRow(n: number) {
  const body = JSON.stringify({ kind: 'text', text: wordsOf(n, bodyChars) });
  return { id: `item-${n}`, session_id: `session-${n % sessions}`, ordinal: Math.floor(n / sessions), kind: 'text', is_open: 0, body };
}

/** No two alike, so that nothing is smaller on the disk than it would be. */
function wordsOf(n: number, chars: number): string {
  let text = '';
  for (let word = 0; text.length < chars; word += 1) text += `${((n + 1) * 2_654_435_761 + word * 40_503).toString(36)} `;
  return text.slice(0, chars);
}
