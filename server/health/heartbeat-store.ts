/** The rows of `heartbeats`. */
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** `sleeping`: ended because it had nothing to do, and started again by what comes for it. */
export type UpStatus = 'active' | 'sleeping' | 'stopped';

export type HeartbeatRow = { readonly agentId: AgentId; readonly lastHeartbeat: number; readonly status: UpStatus };

export class HeartbeatStore {
  readonly #put;
  readonly #remove;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into heartbeats (agent_id, last_heartbeat, status, row_hash) values (:agentId, :lastHeartbeat, :status, :rowHash)
       on conflict (agent_id) do update set last_heartbeat = excluded.last_heartbeat, status = excluded.status, row_hash = excluded.row_hash`,
    );
    this.#remove = db.prepare<[string]>('delete from heartbeats where agent_id = ?');
    this.#all = db.prepare<[], HeartbeatRow>('select agent_id as agentId, last_heartbeat as lastHeartbeat, status from heartbeats');
  }

  all(): HeartbeatRow[] {
    return this.#all.all();
  }

  put(row: HeartbeatRow): void {
    this.#put.run({ ...row, rowHash: rowHash([row.agentId, row.lastHeartbeat, row.status]) });
  }

  remove(agentId: AgentId): void {
    this.#remove.run(agentId);
  }
}
