/** Prompts that were accepted and not yet run. They are on disk before anyone is told that they were accepted. */
import type { AgentId, ItemId, PromptId, SessionId } from '../protocol/ids.ts';
import type { PromptState } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type QueuedPrompt = {
  readonly id: PromptId;
  readonly agentId: AgentId;
  readonly sessionId: SessionId;
  readonly itemId: ItemId;
  readonly text: string;
  readonly createdAt: number;
};

const columns = 'id, agent_id as agentId, session_id as sessionId, item_id as itemId, text, created_at as createdAt';

export class PromptQueue {
  readonly #insert;
  readonly #setState;
  readonly #next;
  readonly #count;
  readonly #one;
  readonly #state;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `insert into prompts (id, agent_id, session_id, item_id, text, state, created_at, row_hash)
       values (:id, :agentId, :sessionId, :itemId, :text, 'queued', :createdAt, :rowHash)`,
    );
    this.#setState = db.prepare('update prompts set state = :state, row_hash = :rowHash where id = :id');
    this.#next = db.prepare<[string], QueuedPrompt>(
      // In the order they came in, whatever the clock did meanwhile.
      `select ${columns} from prompts where agent_id = ? and state = 'queued' order by rowid limit 1`,
    );
    this.#count = db.prepare<[string], number>(`select count(*) from prompts where agent_id = ? and state = 'queued'`).pluck();
    this.#state = db.prepare<[string], PromptState>('select state from prompts where id = ?').pluck();
    this.#one = db.prepare<[string], QueuedPrompt>(`select ${columns} from prompts where id = ?`);
  }

  add(prompt: QueuedPrompt): void {
    this.#insert.run({ ...prompt, rowHash: promptHash(prompt, 'queued') });
  }

  get(id: PromptId): QueuedPrompt | undefined {
    return this.#one.get(id);
  }

  /** Undefined for one that was never kept. */
  stateOf(id: PromptId): PromptState | undefined {
    return this.#state.get(id);
  }

  next(agentId: AgentId): QueuedPrompt | undefined {
    return this.#next.get(agentId);
  }

  count(agentId: AgentId): number {
    return this.#count.get(agentId) ?? 0;
  }

  /** A turn runs it now, or ran it. */
  markSent(id: PromptId): void {
    this.#mark(id, 'sent');
  }

  markDropped(id: PromptId): void {
    this.#mark(id, 'dropped');
  }

  #mark(id: PromptId, state: PromptState): void {
    const prompt = this.get(id);
    if (prompt) this.#setState.run({ id, state, rowHash: promptHash(prompt, state) });
  }
}

function promptHash(prompt: QueuedPrompt, state: PromptState): string {
  const { id, agentId, sessionId, itemId, text, createdAt } = prompt;
  return rowHash([id, agentId, sessionId, itemId, text, state, createdAt]);
}
