/** The rows of `holds`: agents of which nothing begins until a person lets it. */
import * as z from 'zod/mini';
import { Hold, type HoldKind } from '../protocol/budget.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type HoldRow = { readonly agentId: AgentId; readonly kind: HoldKind; readonly hold: Hold; readonly endedAt: number | null };
type Row = Omit<HoldRow, 'hold'> & { readonly hold: string };

export class HoldStore {
  readonly #all;
  readonly #put;
  readonly #forget;

  constructor(db: Database) {
    this.#all = db.prepare<[], Row>('select agent_id as agentId, kind, hold, ended_at as endedAt from holds');
    this.#put = db.prepare('insert or replace into holds values (:agentId, :kind, :hold, :endedAt, :rowHash)');
    this.#forget = db.prepare<[string]>('delete from holds where agent_id = ?');
  }

  all(): HoldRow[] {
    return this.#all.all().map((row) => ({ ...row, hold: z.parse(Hold, JSON.parse(row.hold)) }));
  }

  put({ agentId, kind, hold, endedAt }: HoldRow): void {
    const cells = [agentId, kind, JSON.stringify(hold), endedAt];
    this.#put.run({ agentId, kind, hold: cells[2], endedAt, rowHash: rowHash(cells) });
  }

  forget(agentId: AgentId): void {
    this.#forget.run(agentId);
  }
}
