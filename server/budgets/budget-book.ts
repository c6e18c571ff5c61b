/** The budgets of the day: what each may be, by the settings and own limits, and what was spent of it. */
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Budget, BudgetScope, BudgetUnit, Limit } from '../protocol/budget.ts';
import type { RecordFile } from '../store/record-file.ts';
import { dayOf } from './day.ts';
import type { Ledger } from './ledger.ts';
import { type LimitRow, LimitStore } from './limit-store.ts';
import {
  type BudgetedAgent,
  type Defaults,
  limitOf,
  ofIdOf,
  type Place,
  type Sums,
  spentOf,
  sumOf,
  turnSums,
  untoldSums,
} from './spending.ts';

export type BudgetBookDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly ledger: Ledger;
  readonly defaults: Defaults;
  readonly agents: () => readonly BudgetedAgent[];
  readonly now: () => number;
};

/** Which budget; `ofId` is an agent, a project, or nothing for all. */
export type Target = Pick<LimitRow, 'scope' | 'ofId'>;

type Told = Pick<AuditEntry, 'agentId' | 'detail'> & { readonly event: 'budget_warned' | 'budget_reached' };

const units = ['usd', 'tokens'] as const;

export class BudgetBook {
  readonly #deps: BudgetBookDeps;
  readonly #limits: LimitStore;

  constructor(deps: BudgetBookDeps) {
    this.#deps = deps;
    this.#limits = new LimitStore(deps.file.db);
  }

  get day(): string {
    return dayOf(this.#deps.now());
  }

  dayOf(at: number): string {
    return dayOf(at);
  }

  /** Of all together, of each project that has agents, of each agent, and of the turns that run. */
  all(): Budget[] {
    const { ledger, agents } = this.#deps;
    const known = agents();
    const rows = ledger.day(this.day);
    const turns = ledger.turns().map((turn) => ({ turn, untold: ledger.untold(turn) }));
    const open = turns.map(({ turn: { agentId, projectId }, untold }) => ({ agentId, projectId, ...untoldSums(untold) }));
    const spent = [...rows, ...open];
    const limits = this.#limits.all(this.day);
    const budgets = (place: Place, sums: readonly Sums[]) => this.#budgetsOf(place, sumOf(sums), limits);
    const projects = new Map(known.map(({ projectId, project }) => [projectId, project]));
    return [
      ...budgets({ scope: 'total', agentId: null, projectId: null, name: '' }, spent),
      ...[...projects].flatMap(([projectId, name]) =>
        budgets(
          { scope: 'project', agentId: null, projectId, name },
          spent.filter((row) => row.projectId === projectId),
        ),
      ),
      ...known.flatMap(({ id: agentId, projectId, name }) => [
        ...budgets(
          { scope: 'agent', agentId, projectId, name },
          spent.filter((row) => row.agentId === agentId),
        ),
        ...turns
          .filter(({ turn }) => turn.agentId === agentId)
          .flatMap(({ turn, untold }) => budgets({ scope: 'turn', agentId, projectId, name }, [turnSums(turn, untold)])),
      ]),
    ];
  }

  /** Null: as the settings say. On disk with its audit row when it returns; what was set for today gives way. */
  set({ scope, ofId }: Target, amounts: Partial<Record<BudgetUnit, Limit | null>>, actor: string): void {
    const { file, audit, now } = this.#deps;
    file.write(() => {
      for (const unit of units) {
        const amount = amounts[unit];
        if (amount === undefined) continue;
        this.#limits.remove({ scope, ofId, unit, day: this.day });
        if (amount === null) this.#limits.remove({ scope, ofId, unit, day: '' });
        else this.#limits.put({ scope, ofId, unit, day: '', amount: amount === 'none' ? null : amount });
      }
      const agentId = scope === 'agent' || scope === 'turn' ? ofId : null;
      audit.append({ at: now(), event: 'budget_set', agentId, actor, detail: { scope, of: ofId, ...amounts } });
    });
  }

  /** `amount` null: none. */
  raise(
    budget: Budget,
    { amount, today, actor }: { readonly amount: number | null; readonly today: boolean; readonly actor: string },
  ): void {
    const { file, audit, now } = this.#deps;
    const { scope, unit, agentId } = budget;
    const row = { scope, unit, ofId: ofIdOf(budget), day: this.day };
    file.write(() => {
      if (!today) this.#limits.remove(row);
      this.#limits.put({ ...row, day: today ? row.day : '', amount });
      const detail = { scope, of: row.ofId, [unit]: amount ?? 'none', was: budget.limit, for: today ? row.day : 'good' };
      audit.append({ at: now(), event: 'budget_set', agentId, actor, detail });
    });
  }

  /** In the audit log, the first time. */
  tellOnce(key: string, entry: Told): void {
    const { file, audit, now } = this.#deps;
    file.write(() => {
      if (this.#limits.tell(key, this.day)) audit.append({ at: now(), actor: 'backend', ...entry });
    });
  }

  /** What was of earlier days is of no use any more. */
  prune(): void {
    this.#deps.file.write(() => this.#limits.prune(this.day));
  }

  forget(ofId: string): void {
    this.#deps.file.write(() => this.#limits.forget(ofId));
  }

  #budgetsOf(place: Place, sums: Sums, limits: readonly LimitRow[]): Budget[] {
    return units.map((unit) => {
      const of = { scope: place.scope, unit, ofId: ofIdOf(place), day: this.day, limits };
      return { ...place, unit, ...limitOf(of, this.#deps.defaults), spent: spentOf(sums, unit) };
    });
  }
}

const settingNames = {
  agent: { usd: 'budget.agentUsdPerDay', tokens: 'budget.agentTokensPerDay' },
  project: { usd: 'budget.projectUsdPerDay', tokens: 'budget.projectTokensPerDay' },
  total: { usd: 'budget.totalUsdPerDay', tokens: 'budget.totalTokensPerDay' },
  turn: { usd: 'budget.turnUsd', tokens: 'budget.turnTokens' },
} as const satisfies Record<BudgetScope, Record<BudgetUnit, string>>;

export function budgetSetting<S extends BudgetScope, U extends BudgetUnit>(scope: S, unit: U): (typeof settingNames)[S][U] {
  return settingNames[scope][unit];
}
