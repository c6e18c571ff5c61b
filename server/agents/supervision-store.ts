/** The rows of `supervision`: how far each agent's restarts have got, so that a new backend goes on counting. */
import * as z from 'zod/mini';
import type { AgentId } from '../protocol/ids.ts';
import { SidecarHealth } from '../protocol/supervision.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type SupervisionRecord = {
  readonly agentId: AgentId;
  readonly health: SidecarHealth;
  /** Restarts since the last good run. */
  readonly attempts: number;
  /** Crashes that ended a good run, oldest first; epoch milliseconds. */
  readonly crashedAt: readonly number[];
};

type Row = { readonly agentId: AgentId; readonly health: string; readonly attempts: number; readonly crashedAt: string };

const CrashedAt = z.array(z.number());

export class SupervisionStore {
  readonly #put;
  readonly #remove;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into supervision (agent_id, health, attempts, crashed_at, row_hash) values (:agentId, :health, :attempts, :crashedAt, :rowHash)
       on conflict (agent_id) do update set health = excluded.health, attempts = excluded.attempts, crashed_at = excluded.crashed_at,
         row_hash = excluded.row_hash`,
    );
    this.#remove = db.prepare<[string]>('delete from supervision where agent_id = ?');
    this.#all = db.prepare<[], Row>('select agent_id as agentId, health, attempts, crashed_at as crashedAt from supervision');
  }

  all(): SupervisionRecord[] {
    return this.#all.all().map(({ agentId, health, attempts, crashedAt }) => ({
      agentId,
      health: z.parse(SidecarHealth, JSON.parse(health)),
      attempts,
      crashedAt: z.parse(CrashedAt, JSON.parse(crashedAt)),
    }));
  }

  put(record: SupervisionRecord): void {
    const row = { ...record, health: JSON.stringify(record.health), crashedAt: JSON.stringify(record.crashedAt) };
    this.#put.run({ ...row, rowHash: rowHash([row.agentId, row.health, row.attempts, row.crashedAt]) });
  }

  remove(agentId: AgentId): void {
    this.#remove.run(agentId);
  }
}
