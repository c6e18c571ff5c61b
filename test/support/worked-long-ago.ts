/** Transcripts of long ago: many of them at once, or those that there are, as if they were older. */
import { SessionStore } from '../../server/agents/session-store.ts';
import { newSessionRecord } from '../../server/agents/transcript.ts';
import { newId } from '../../server/base/uuid.ts';
import type { AgentId, ItemId, ProjectId, SessionId, TurnId } from '../../server/protocol/ids.ts';
import { Item } from '../../server/protocol/session.ts';
import type { Stores } from '../../server/stores.ts';

export type Work = { readonly turns: number; readonly at: number; readonly chars?: number };

const turnsAtOnce = 200;
const sentence = 'The build failed in packages/core because the type of the session is possibly undefined; I add a guard. ';

/** One session of an agent that is gone: each turn says something and ends. Its id, and those of the items in their order. */
export function workLongAgo({ sessions }: Stores, { turns, at, chars = 300 }: Work): { id: SessionId; items: string[] } {
  const store = new SessionStore(sessions.db);
  const id = newId<SessionId>();
  const of = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
  const ids: string[] = [];
  for (let done = 0; done < turns; done += turnsAtOnce)
    sessions.write(() => {
      const count = Math.min(turnsAtOnce, turns - done);
      const items = Array.from({ length: count }, (_, index) => turnOf((done + index) * 2, at + done + index, chars)).flat();
      const end = { itemCount: (done + count) * 2, turnCount: done + count, nextOrdinal: (done + count) * 2 };
      store.save({ ...newSessionRecord(id, of, at), title: 'Worked long ago', ...end }, items);
      ids.push(...items.map((item) => item.id));
    });
  return { id, items: ids };
}

function turnOf(ordinal: number, at: number, chars: number): Item[] {
  const common = { turnId: newId<TurnId>(), at };
  const text = sentence.repeat(Math.ceil(chars / sentence.length)).slice(0, chars);
  return [
    { ...common, id: newId<ItemId>(), ordinal, kind: 'text', text, complete: true, interrupted: false },
    {
      ...common,
      id: newId<ItemId>(),
      ordinal: ordinal + 1,
      kind: 'turnEnd',
      reason: 'completed',
      failure: null,
      durationMs: 5,
      usage: null,
    },
  ];
}

/** All that is in transcripts, as if it had happened so much earlier. */
export function makeOlder({ sessions }: Stores, byMs: number): void {
  const store = new SessionStore(sessions.db);
  const bodies = sessions.db.prepare<[string], string>('select body from items where session_id = ?').pluck();
  for (const { id } of store.ids()) {
    const record = store.get(id);
    const items = bodies.all(id).map((body) => Item.parse(JSON.parse(body)));
    if (!record) continue;
    const older = { ...record, createdAt: record.createdAt - byMs, lastActiveAt: record.lastActiveAt - byMs };
    sessions.write(() =>
      store.save(
        older,
        items.map((item) => ({ ...item, at: item.at - byMs })),
      ),
    );
    // Its beginning is written once.
    sessions.db.prepare('update sessions set created_at = ? where id = ?').run(older.createdAt, id);
  }
}
