/** The rows of own limits, and of what a person was told of. */
import type { BudgetScope, BudgetUnit } from '../protocol/budget.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** `ofId`: an agent or a project; empty for all. An empty `day` is from now on. A null amount is no limit. */
export type LimitRow = {
  readonly scope: BudgetScope;
  readonly ofId: string;
  readonly unit: BudgetUnit;
  readonly day: string;
  readonly amount: number | null;
};

export class LimitStore {
  readonly #all;
  readonly #put;
  readonly #remove;
  readonly #forget;
  readonly #prune;
  readonly #isTold;
  readonly #tell;
  readonly #pruneAlerts;

  constructor(db: Database) {
    this.#all = db.prepare<[string], LimitRow>(`select scope, of_id as ofId, unit, day, amount from budget_limits where day in ('', ?)`);
    this.#put = db.prepare('insert or replace into budget_limits values (:scope, :ofId, :unit, :day, :amount, :rowHash)');
    this.#remove = db.prepare<[string, string, string, string]>(
      'delete from budget_limits where scope = ? and of_id = ? and unit = ? and day = ?',
    );
    this.#forget = db.prepare<[string]>('delete from budget_limits where of_id = ?');
    this.#prune = db.prepare<[string]>(`delete from budget_limits where day <> '' and day < ?`);
    this.#isTold = db.prepare<[string], number>('select 1 from budget_alerts where key = ?').pluck();
    this.#tell = db.prepare('insert into budget_alerts values (?, ?, ?)');
    this.#pruneAlerts = db.prepare<[string]>('delete from budget_alerts where day < ?');
  }

  /** Those from now on and those of the day. */
  all(day: string): LimitRow[] {
    return this.#all.all(day);
  }

  put(row: LimitRow): void {
    const { scope, ofId, unit, day, amount } = row;
    this.#put.run({ ...row, rowHash: rowHash([scope, ofId, unit, day, amount]) });
  }

  remove({ scope, ofId, unit, day }: Omit<LimitRow, 'amount'>): void {
    this.#remove.run(scope, ofId, unit, day);
  }

  forget(ofId: string): void {
    this.#forget.run(ofId);
  }

  /** Whether this is the first time that it is told. */
  tell(key: string, day: string): boolean {
    if (this.#isTold.get(key) !== undefined) return false;
    this.#tell.run(key, day, rowHash([key, day]));
    return true;
  }

  /** What was of days before is of no use any more. */
  prune(day: string): void {
    this.#prune.run(day);
    this.#pruneAlerts.run(day);
  }
}
