/** The rows of `wakes` and `wake_plans`. */
import * as z from 'zod/mini';
import type { AgentId, PromptId } from '../protocol/ids.ts';
import { type Wake, WakeSignal } from '../protocol/wake.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** `snapshot`: what the next wake is compared with. */
export type WakeRecord = Wake & { readonly snapshot: string };
type Row = Omit<WakeRecord, 'signals'> & { readonly signals: string };

export type PlanRow = { readonly agentId: AgentId; readonly nextAt: number };

const columns = `id, agent_id as agentId, strategy, state, score, signals, summary, snapshot, prompt_id as promptId, cause,
  due_at as dueAt, decided_at as decidedAt, ended_at as endedAt`;
const Signals = z.array(WakeSignal);

export class WakeStore {
  readonly #put;
  readonly #one;
  readonly #open;
  readonly #byPrompt;
  readonly #lastTold;
  readonly #newest;
  readonly #newestOf;
  readonly #prune;
  readonly #putPlan;
  readonly #removePlan;
  readonly #plans;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into wakes (id, agent_id, strategy, state, score, signals, summary, snapshot, prompt_id, cause, due_at, decided_at, ended_at, row_hash)
       values (:id, :agentId, :strategy, :state, :score, :signals, :summary, :snapshot, :promptId, :cause, :dueAt, :decidedAt, :endedAt, :rowHash)
       on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, row_hash = excluded.row_hash`,
    );
    this.#one = db.prepare<[string], Row>(`select ${columns} from wakes where id = ?`);
    this.#open = db.prepare<[], Row>(`select ${columns} from wakes where state in ('pending', 'begun') order by decided_at, id`);
    this.#byPrompt = db.prepare<[string], Row>(`select ${columns} from wakes where state = 'pending' and prompt_id = ?`);
    this.#lastTold = db
      .prepare<[string], string>(
        `select snapshot from wakes where agent_id = ? and state in ('begun', 'done') order by decided_at desc, id desc limit 1`,
      )
      .pluck();
    this.#newest = db.prepare<[number], Row>(`select ${columns} from wakes order by decided_at desc, id desc limit ?`);
    this.#newestOf = db.prepare<[string, number], Row>(
      `select ${columns} from wakes where agent_id = ? order by decided_at desc, id desc limit ?`,
    );
    this.#prune = db.prepare<{ agentId: string; kept: number }>(
      `delete from wakes where agent_id = :agentId and ended_at is not null and decided_at <=
         (select decided_at from wakes where agent_id = :agentId order by decided_at desc, id desc limit 1 offset :kept)`,
    );
    this.#putPlan = db.prepare(
      `insert into wake_plans (agent_id, next_at, row_hash) values (:agentId, :nextAt, :rowHash)
       on conflict (agent_id) do update set next_at = excluded.next_at, row_hash = excluded.row_hash`,
    );
    this.#removePlan = db.prepare<[string]>('delete from wake_plans where agent_id = ?');
    this.#plans = db.prepare<[], PlanRow>('select agent_id as agentId, next_at as nextAt from wake_plans');
  }

  put(wake: WakeRecord): void {
    const { id, agentId, strategy, state, score, summary, snapshot, promptId, cause, dueAt, decidedAt, endedAt } = wake;
    const signals = JSON.stringify(wake.signals);
    const cells = [id, agentId, strategy, state, score, signals, summary, snapshot, promptId, cause, dueAt, decidedAt, endedAt];
    this.#put.run({ ...wake, signals, rowHash: rowHash(cells) });
  }

  get(id: string): WakeRecord | undefined {
    const row = this.#one.get(id);
    return row && fromRow(row);
  }

  /** Those that were decided and have not ended, the first one first. */
  open(): WakeRecord[] {
    return this.#open.all().map(fromRow);
  }

  pendingWith(promptId: PromptId): WakeRecord | undefined {
    const row = this.#byPrompt.get(promptId);
    return row && fromRow(row);
  }

  /** The snapshot of the last wake that the agent has really read. */
  lastTold(agentId: AgentId): string | undefined {
    return this.#lastTold.get(agentId);
  }

  newest(agentId: AgentId | null, limit: number): WakeRecord[] {
    const rows = agentId === null ? this.#newest.all(limit) : this.#newestOf.all(agentId, limit);
    return rows.map(fromRow);
  }

  /** Leaves so many of the agent, the newest; the audit log has them all. */
  prune(agentId: AgentId, kept: number): void {
    this.#prune.run({ agentId, kept });
  }

  plans(): PlanRow[] {
    return this.#plans.all();
  }

  putPlan({ agentId, nextAt }: PlanRow): void {
    this.#putPlan.run({ agentId, nextAt, rowHash: rowHash([agentId, nextAt]) });
  }

  removePlan(agentId: AgentId): void {
    this.#removePlan.run(agentId);
  }
}

/** A wake whose reasons the disk gave back damaged is still one, and has to come to an end. */
function fromRow(row: Row): WakeRecord {
  return { ...row, signals: readSignals(row.signals) };
}

function readSignals(text: string): WakeSignal[] {
  try {
    return z.safeParse(Signals, JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}
