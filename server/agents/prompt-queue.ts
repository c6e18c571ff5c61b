/** Prompts that were accepted and not yet run. They are on disk before anyone is told that they were accepted. */
import type { AgentId, ItemId, PromptId, SessionId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type QueuedPrompt = { readonly id: PromptId; readonly agentId: AgentId; readonly sessionId: SessionId; readonly text: string };
export type NewPrompt = QueuedPrompt & { readonly itemId: ItemId; readonly createdAt: number };

export class PromptQueue {
  readonly #insert;
  readonly #setState;
  readonly #next;
  readonly #count;
  readonly #one;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `insert into prompts (id, agent_id, session_id, item_id, text, state, created_at, row_hash)
       values (:id, :agentId, :sessionId, :itemId, :text, 'queued', :createdAt, :rowHash)`,
    );
    this.#setState = db.prepare('update prompts set state = ? where id = ?');
    this.#next = db.prepare<[string], QueuedPrompt>(
      `select id, agent_id as agentId, session_id as sessionId, text from prompts
       where agent_id = ? and state = 'queued' order by created_at, rowid limit 1`,
    );
    this.#count = db.prepare<[string], number>(`select count(*) from prompts where agent_id = ? and state = 'queued'`).pluck();
    this.#one = db.prepare<[string], QueuedPrompt>(
      'select id, agent_id as agentId, session_id as sessionId, text from prompts where id = ?',
    );
  }

  add(prompt: NewPrompt): void {
    const { id, agentId, sessionId, itemId, text, createdAt } = prompt;
    this.#insert.run({ ...prompt, rowHash: rowHash([id, agentId, sessionId, itemId, text, createdAt]) });
  }

  get(id: PromptId): QueuedPrompt | undefined {
    return this.#one.get(id);
  }

  next(agentId: AgentId): QueuedPrompt | undefined {
    return this.#next.get(agentId);
  }

  count(agentId: AgentId): number {
    return this.#count.get(agentId) ?? 0;
  }

  /** A turn runs it now, or ran it. */
  markSent(id: PromptId): void {
    this.#setState.run('sent', id);
  }

  markDropped(id: PromptId): void {
    this.#setState.run('dropped', id);
  }
}
