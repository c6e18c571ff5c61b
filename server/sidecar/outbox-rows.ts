/** The rows of the outbox's one table, and what is read from them. */
import { AgentEvent } from '../protocol/agent-event.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Database, Migration } from '../store/open-database.ts';

export type Row = { readonly seq: number; readonly at: number; readonly sessionId: string; readonly event: string };
export const outboxMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'events that wait for the backend',
    up: (db) =>
      // `autoincrement` keeps the highest number ever given, also when the table is empty: no number comes twice.
      db.exec(`
        create table outbox (
          seq integer primary key autoincrement,
          at integer not null,
          session_id text not null,
          event text not null
        ) strict`),
  },
];

/** Also of rows that are gone. */
export function highestSeq(db: Database): number {
  return db.prepare<[], number>("select seq from sqlite_sequence where name = 'outbox'").pluck().get() ?? 0;
}

export function storedSizes(db: Database): { seq: number; bytes: number }[] {
  return db.prepare<[], { seq: number; bytes: number }>('select seq, octet_length(event) as bytes from outbox order by seq').all();
}

/** A row that the disk gave back damaged must not hold up the ones behind it: it is told as what it is. */
export function fromRow({ seq, at, sessionId, event }: Row): NumberedEvent {
  // Only `append` writes these rows, and it takes nothing but a `SessionId`.
  return { seq, at, sessionId: sessionId as SessionId, event: parseEvent(event) ?? unreadable };
}

const unreadable: AgentEvent = {
  type: 'notice',
  level: 'error',
  text: 'One event of the agent was damaged on the disk and is missing here.',
};

function parseEvent(text: string): AgentEvent | undefined {
  try {
    return AgentEvent.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON: the caller puts a notice in its place.
    return undefined;
  }
}
