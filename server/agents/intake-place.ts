/** How far a file has taken in each agent's events. Each file of record keeps its own, in the transaction of what it took. */
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';

export class IntakePlace {
  readonly #get;
  readonly #put;

  constructor(db: Database) {
    this.#get = db.prepare<[string], number>('select acked_seq from intake where agent_id = ?').pluck();
    this.#put = db.prepare(
      'insert into intake (agent_id, acked_seq) values (?, ?) on conflict (agent_id) do update set acked_seq = excluded.acked_seq',
    );
  }

  /** 0 when nothing was taken in yet. */
  ackedSeq(agentId: AgentId): number {
    return this.#get.get(agentId) ?? 0;
  }

  ack(agentId: AgentId, seq: number): void {
    this.#put.run(agentId, seq);
  }
}
