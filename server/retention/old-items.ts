/**
 * Which items of transcripts may leave the database: whole turns, from the beginning of a session on, as far as all of them is
 * old. Nothing of a session leaves in which something may still change: a turn runs, a prompt waits, a question is open. An
 * item that the disk changed stays where the doctor finds it.
 */
import type { Database } from '../store/open-database.ts';
import { type Cell, rowHash } from '../store/row-hash.ts';
import type { Old } from './archive-source.ts';

export type ItemRow = Readonly<Record<string, Cell>>;

type Place = { readonly id: string; readonly ordinal: number; readonly kind: string; readonly at: number | null; readonly bytes: number };
type Candidate = { readonly id: string; readonly agentId: string };

/** Null for a text that was damaged: it is no JSON any more, and must not keep the others from being looked at. */
export const itemAtSql = `case when json_valid(body) then json_extract(body, '$.at') end`;

export class OldItems {
  readonly #nextSession;
  readonly #nextItem;
  readonly #isSettled;
  readonly #row;

  constructor(db: Database) {
    this.#nextSession = db.prepare<[{ after: string; before: number }], Candidate>(
      `select s.id, s.agent_id as agentId from sessions s where s.id > :after and s.created_at < :before
       and exists (select 1 from items where session_id = s.id) order by s.id limit 1`,
    );
    // One at a time: a text is read to its end for the time in it, and there are long ones.
    this.#nextItem = db.prepare<[{ sessionId: string; after: number }], Place>(
      `select id, ordinal, kind, octet_length(body) as bytes, ${itemAtSql} as at from items
       where session_id = :sessionId and ordinal > :after order by ordinal limit 1`,
    );
    this.#isSettled = db
      .prepare<[{ id: string }], 1>(
        `select 1 from sessions s where s.id = :id and s.running_turn_id is null
         and not exists (select 1 from items where session_id = s.id and is_open = 1)
         and not exists (select 1 from prompts where agent_id = s.agent_id and state = 'queued' and session_id = s.id)`,
      )
      .pluck();
    this.#row = db.prepare<[string], ItemRow>('select * from items where id = ?');
  }

  /** The next session behind `after` that has items and is older than that. */
  nextSession(after: string, before: number): Candidate | undefined {
    return this.#nextSession.get({ after, before });
  }

  isSettled(sessionId: string): boolean {
    return this.#isSettled.get({ id: sessionId }) === 1;
  }

  /** As it is now; undefined when it is gone, may still change, or is not what was written. */
  row(id: string): ItemRow | undefined {
    const row = this.#row.get(id);
    if (!row) return undefined;
    const { row_hash: hash, ...cells } = row;
    return row.is_open === 0 && hash === rowHash(Object.values(cells)) ? row : undefined;
  }

  /** In order, each turn whole; `undefined` in between, for others to get in. */
  *of(sessionId: string, before: number): Generator<Old | undefined> {
    let turn: Old[] = [];
    for (let place = this.#next(sessionId, -1); place; place = this.#next(sessionId, place.ordinal)) {
      const { id, at, bytes } = place;
      if (at !== null && at >= before) return;
      if (at !== null) turn.push({ id, of: sessionId, at, bytes });
      if (place.kind === 'turnEnd') {
        yield* turn;
        turn = [];
      }
      yield undefined;
    }
    // Behind its last turn there is nothing young: what was told of between turns.
    yield* turn;
  }

  #next(sessionId: string, after: number): Place | undefined {
    return this.#nextItem.get({ sessionId, after });
  }
}
