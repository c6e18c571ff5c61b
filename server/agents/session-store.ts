/** The rows of `sessions` and `items`. An item is kept as JSON: it is written and read whole, and searched elsewhere. */
import * as z from 'zod/mini';
import { Usage } from '../protocol/agent-event.ts';
import type { AgentId, SessionId, TurnId } from '../protocol/ids.ts';
import { Item } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { isOpen, type SessionRecord } from './transcript.ts';

type SessionRow = Omit<SessionRecord, 'usage'> & { readonly usage: string | null };

const sessionColumns = `id, agent_id as agentId, project_id as projectId, title, provider_session_id as providerSessionId, model, usage,
  item_count as itemCount, turn_count as turnCount, next_ordinal as nextOrdinal, running_turn_id as runningTurnId,
  running_since as runningSince, created_at as createdAt, last_active_at as lastActiveAt`;

export type SessionFilter = { readonly agentId: string | null; readonly projectId: string | null; readonly limit: number };

export class SessionStore {
  readonly #putSession;
  readonly #one;
  readonly #list;
  readonly #running;
  readonly #putItem;
  readonly #openItems;
  readonly #page;
  readonly #acked;
  readonly #ack;

  constructor(db: Database) {
    this.#putSession = db.prepare(putSessionSql);
    this.#one = db.prepare<[string], SessionRow>(`select ${sessionColumns} from sessions where id = ?`);
    this.#list = db.prepare<[SessionFilter], SessionRow>(
      `select ${sessionColumns} from sessions
       where (:agentId is null or agent_id = :agentId) and (:projectId is null or project_id = :projectId)
       order by last_active_at desc, created_at desc limit :limit`,
    );
    this.#running = db.prepare<[], SessionId>('select id from sessions where running_turn_id is not null').pluck();
    this.#putItem = db.prepare(
      `insert into items (id, session_id, ordinal, kind, is_open, body, row_hash)
       values (:id, :sessionId, :ordinal, :kind, :isOpen, :body, :rowHash)
       on conflict (id) do update set ordinal = excluded.ordinal, is_open = excluded.is_open, body = excluded.body, row_hash = excluded.row_hash`,
    );
    this.#openItems = db.prepare<[string], string>('select body from items where session_id = ? and is_open = 1 order by ordinal').pluck();
    this.#page = db
      .prepare<[string, number, number], string>(
        'select body from items where session_id = ? and ordinal < ? order by ordinal desc limit ?',
      )
      .pluck();
    this.#acked = db.prepare<[string], number>('select acked_seq from intake where agent_id = ?').pluck();
    this.#ack = db.prepare(
      'insert into intake (agent_id, acked_seq) values (?, ?) on conflict (agent_id) do update set acked_seq = excluded.acked_seq',
    );
  }

  get(id: SessionId): SessionRecord | undefined {
    const row = this.#one.get(id);
    return row && fromRow(row);
  }

  list(filter: SessionFilter): SessionRecord[] {
    return this.#list.all(filter).map(fromRow);
  }

  running(): SessionId[] {
    return this.#running.all();
  }

  save(record: SessionRecord, items: readonly Item[]): void {
    this.#putSession.run({ ...record, usage: record.usage && JSON.stringify(record.usage), rowHash: sessionHash(record) });
    for (const item of items) this.#saveItem(record.id, item, record.runningTurnId);
  }

  openItems(id: SessionId): Item[] {
    return this.#openItems.all(id).map(parseItem);
  }

  /** The `limit` items before `beforeOrdinal`, oldest first. */
  page(id: SessionId, beforeOrdinal: number, limit: number): Item[] {
    return this.#page.all(id, beforeOrdinal, limit).reverse().map(parseItem);
  }

  ackedSeq(agentId: AgentId): number {
    return this.#acked.get(agentId) ?? 0;
  }

  ack(agentId: AgentId, seq: number): void {
    this.#ack.run(agentId, seq);
  }

  #saveItem(sessionId: SessionId, item: Item, runningTurnId: TurnId | null): void {
    const body = JSON.stringify(item);
    const { id, ordinal, kind } = item;
    const open = Number(isOpen(item, runningTurnId));
    this.#putItem.run({ id, sessionId, ordinal, kind, isOpen: open, body, rowHash: rowHash([id, sessionId, ordinal, kind, body]) });
  }
}

const putSessionSql = `
  insert into sessions (id, agent_id, project_id, title, provider_session_id, model, usage, item_count, turn_count, next_ordinal,
    running_turn_id, running_since, created_at, last_active_at, row_hash)
  values (:id, :agentId, :projectId, :title, :providerSessionId, :model, :usage, :itemCount, :turnCount, :nextOrdinal,
    :runningTurnId, :runningSince, :createdAt, :lastActiveAt, :rowHash)
  on conflict (id) do update set title = excluded.title, provider_session_id = excluded.provider_session_id, model = excluded.model,
    usage = excluded.usage, item_count = excluded.item_count, turn_count = excluded.turn_count, next_ordinal = excluded.next_ordinal,
    running_turn_id = excluded.running_turn_id, running_since = excluded.running_since, last_active_at = excluded.last_active_at,
    row_hash = excluded.row_hash`;

function sessionHash(record: SessionRecord): string {
  const { id, agentId, projectId, title, providerSessionId, model, itemCount, nextOrdinal, runningTurnId, lastActiveAt } = record;
  return rowHash([id, agentId, projectId, title, providerSessionId, model, itemCount, nextOrdinal, runningTurnId, lastActiveAt]);
}

function fromRow(row: SessionRow): SessionRecord {
  return { ...row, usage: row.usage === null ? null : z.parse(Usage, JSON.parse(row.usage)) };
}

function parseItem(body: string): Item {
  return z.parse(Item, JSON.parse(body));
}
