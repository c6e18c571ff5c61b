/** The rows of `sessions` and `items`. An item is kept as JSON: it is written and read whole, and searched elsewhere. */
import * as z from 'zod/mini';
import { Usage } from '../protocol/agent-event.ts';
import type { AgentId, ItemId, SessionId, TurnId } from '../protocol/ids.ts';
import { type ArchivedItems, Item, type PromptOrigin } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { isGatheringSql, isHookFailureSql } from '../store/sessions-schema.ts';
import { ArchivedItemsReader } from './archived-items.ts';
import type { SessionCounts } from './session-course.ts';
import { isOpen, type SessionRecord } from './transcript.ts';

type SessionRow = Omit<SessionRecord, 'usage' | 'archived'> & { readonly usage: string | null };
type ItemRow = { readonly id: ItemId; readonly ordinal: number; readonly body: string };

const sessionColumns = `id, agent_id as agentId, project_id as projectId, title, provider_session_id as providerSessionId, model, usage,
  item_count as itemCount, turn_count as turnCount, next_ordinal as nextOrdinal, running_turn_id as runningTurnId,
  running_since as runningSince, created_at as createdAt, last_active_at as lastActiveAt`;

export type SessionFilter = { readonly agentId: string | null; readonly projectId: string | null; readonly limit: number };

/** Oldest first. `isCut`: there are earlier items that would have made it too large to send at once. */
export type Page = { readonly items: Item[]; readonly isCut: boolean };

const maxPageChars = 4 * 1024 * 1024;

export class SessionStore {
  readonly #putSession;
  readonly #one;
  readonly #list;
  readonly #running;
  readonly #putItem;
  readonly #openItems;
  readonly #withOpenItems;
  readonly #page;
  readonly #hasItem;
  readonly #ids;
  readonly #counts;
  readonly #lastPrompt;
  readonly #naming;
  readonly #archived: ArchivedItemsReader;

  constructor(db: Database) {
    this.#archived = new ArchivedItemsReader(db);
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
    this.#openItems = db.prepare<[string], ItemRow>(
      'select id, ordinal, body from items where session_id = ? and is_open = 1 order by ordinal',
    );
    this.#withOpenItems = db
      .prepare<[string], SessionId>(
        'select id from sessions where agent_id = ? and exists (select 1 from items where session_id = sessions.id and is_open = 1)',
      )
      .pluck();
    this.#page = db.prepare<[string, number, number], ItemRow>(
      'select id, ordinal, body from items where session_id = ? and ordinal < ? order by ordinal desc limit ?',
    );
    this.#hasItem = db.prepare<[string], number>('select 1 from items where id = ?').pluck();
    this.#counts = db.prepare<[{ id: SessionId }], SessionCounts>(countsSql);
    this.#ids = db.prepare<[], { id: SessionId }>('select id from sessions');
    this.#lastPrompt = db.prepare<[string], ItemRow>(
      `select id, ordinal, body from items
       where session_id = ? and kind = 'prompt' and body like '%"state":"sent"%' order by ordinal desc limit 1`,
    );
    this.#naming = db.prepare<[string, string, string], ItemRow>(
      'select id, ordinal, body from items where session_id = ? and kind = ? and body like ? order by ordinal desc limit 1',
    );
  }

  /** `name` is an id, so nothing else in the item is like it. */
  itemNaming(id: SessionId, kind: Item['kind'], name: string): Item | undefined {
    const row = this.#naming.get(id, kind, `%"${name}"%`);
    return row && fromItemRow(row);
  }

  get(id: SessionId): SessionRecord | undefined {
    const row = this.#one.get(id);
    return row && this.#fromRow(row);
  }

  list(filter: SessionFilter): SessionRecord[] {
    return this.#list.all(filter).map((row) => this.#fromRow(row));
  }

  /** Of the prompt that was begun last; undefined where there is none, or it does not say. */
  lastOrigin(id: SessionId): PromptOrigin | undefined {
    const row = this.#lastPrompt.get(id);
    const item = row && fromItemRow(row);
    return item?.kind === 'prompt' ? item.origin : undefined;
  }

  running(): SessionId[] {
    return this.#running.all();
  }

  save({ archived: _, ...record }: SessionRecord, items: readonly Item[]): void {
    const row = { ...record, usage: record.usage && JSON.stringify(record.usage) };
    this.#putSession.run({ ...row, rowHash: sessionHash(row) });
    for (const item of items) this.#saveItem(record.id, item, record.runningTurnId);
  }

  ids(): { id: SessionId }[] {
    return this.#ids.all();
  }

  counts(id: SessionId): SessionCounts {
    return this.#counts.get({ id }) ?? { toolCalls: 0, gatheringCalls: 0, hookFailures: 0 };
  }

  openItems(id: SessionId): Item[] {
    return this.#openItems.all(id).map(fromItemRow);
  }

  /** The agent's sessions in which something may still change. */
  withOpenItems(agentId: AgentId): SessionId[] {
    return this.#withOpenItems.all(agentId);
  }

  hasItem(id: ItemId): boolean {
    return this.#hasItem.get(id) !== undefined;
  }

  /** The `limit` items before `beforeOrdinal`, oldest first. */
  page(id: SessionId, beforeOrdinal: number, limit: number): Page {
    const rows: ItemRow[] = [];
    let chars = 0;
    for (const row of this.#page.iterate(id, beforeOrdinal, limit)) {
      chars += row.body.length;
      if (rows.length > 0 && chars > maxPageChars) return { items: rows.reverse().map(fromItemRow), isCut: true };
      rows.push(row);
    }
    return { items: rows.reverse().map(fromItemRow), isCut: false };
  }

  archivedOf(id: SessionId): ArchivedItems | undefined {
    return this.#archived.of(id);
  }

  #fromRow(row: SessionRow): SessionRecord {
    const archived = this.archivedOf(row.id);
    const usage = row.usage === null ? null : parsed(Usage, row.usage);
    return { ...row, usage, ...(archived && { archived }) };
  }

  #saveItem(sessionId: SessionId, item: Item, runningTurnId: TurnId | null): void {
    const body = JSON.stringify(item);
    const { id, ordinal, kind } = item;
    const open = Number(isOpen(item, runningTurnId));
    this.#putItem.run({ id, sessionId, ordinal, kind, isOpen: open, body, rowHash: rowHash([id, sessionId, ordinal, kind, open, body]) });
  }
}

/** With what went into archives, so that a session has always done what it did. */
const goneSql = (column: string) => `coalesce((select sum(${column}) from archived_items where session_id = :id), 0)`;
const countsSql = `
  select (select count(*) from items where session_id = :id and kind = 'tool') + ${goneSql('tool_calls')} as toolCalls,
    (select count(*) from items where session_id = :id and ${isGatheringSql}) + ${goneSql('gathering_calls')} as gatheringCalls,
    (select count(*) from items where session_id = :id and ${isHookFailureSql}) + ${goneSql('hook_failures')} as hookFailures`;

const putSessionSql = `
  insert into sessions (id, agent_id, project_id, title, provider_session_id, model, usage, item_count, turn_count, next_ordinal,
    running_turn_id, running_since, created_at, last_active_at, row_hash)
  values (:id, :agentId, :projectId, :title, :providerSessionId, :model, :usage, :itemCount, :turnCount, :nextOrdinal,
    :runningTurnId, :runningSince, :createdAt, :lastActiveAt, :rowHash)
  on conflict (id) do update set title = excluded.title, provider_session_id = excluded.provider_session_id, model = excluded.model,
    usage = excluded.usage, item_count = excluded.item_count, turn_count = excluded.turn_count, next_ordinal = excluded.next_ordinal,
    running_turn_id = excluded.running_turn_id, running_since = excluded.running_since, last_active_at = excluded.last_active_at,
    row_hash = excluded.row_hash`;

function sessionHash(row: SessionRow): string {
  const { id, agentId, projectId, title, providerSessionId, model, usage } = row;
  const { itemCount, turnCount, nextOrdinal, runningTurnId, runningSince, createdAt, lastActiveAt } = row;
  const counts = [itemCount, turnCount, nextOrdinal, runningTurnId, runningSince, createdAt, lastActiveAt];
  return rowHash([id, agentId, projectId, title, providerSessionId, model, usage, ...counts]);
}

/** A row that the disk gave back damaged must not hide those around it: it is shown as what it is. */
function fromItemRow({ id, ordinal, body }: ItemRow): Item {
  const notice = { kind: 'notice', level: 'error', text: 'One entry was damaged on the disk and is missing here.' } as const;
  return parsed(Item, body) ?? { ...notice, id, ordinal, turnId: null, at: 0 };
}

/** Null for what does not fit the schema or is no JSON. */
function parsed<S extends z.ZodMiniType>(schema: S, text: string): z.infer<S> | null {
  try {
    return z.safeParse(schema, JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
