/** The next time of each manager, on disk so that a restart forgets none. */
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { AgentProfile } from '../protocol/team.ts';
import type { Wake } from '../protocol/wake.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { WakeStore } from './wake-store.ts';
import { firstPlan, isDue, isMissed, type Moment, nextPlan, type WakePlan, withinInterval } from './wake-time.ts';

export type WakePlansDeps = { readonly file: RecordFile; readonly clock: Clock; readonly store: WakeStore };

type Planned = { readonly plan: WakePlan; readonly intervalMs: number };

/** `next`: what the plan becomes once this one was dealt with. */
export type DueWake = { readonly cause: Exclude<Wake['cause'], 'person'>; readonly dueAt: number; readonly next: WakePlan };

const minuteMs = 60_000;

export class WakePlans {
  readonly #deps: WakePlansDeps;
  readonly #plans = new Map<AgentId, Planned>();
  /** What an earlier backend left, of managers that were not seen yet. */
  readonly #kept: Map<AgentId, number>;

  constructor(deps: WakePlansDeps) {
    this.#deps = deps;
    this.#kept = new Map(deps.store.plans().map(({ agentId, nextAt }) => [agentId, nextAt]));
  }

  nextAt(agentId: AgentId): number | null {
    return this.#plans.get(agentId)?.plan.nextAt ?? this.#kept.get(agentId) ?? null;
  }

  /** These are to be woken from now on, and no others. */
  follow(managers: readonly AgentProfile[]): void {
    const wanted = new Set(managers.map(({ agentId }) => agentId));
    for (const agentId of [...this.#plans.keys(), ...this.#kept.keys()]) if (!wanted.has(agentId)) this.forget(agentId);
    for (const { agentId, wakeIntervalMin } of managers) this.#set(agentId, wakeIntervalMin * minuteMs);
  }

  /** Undefined when its time has not come. */
  due(agentId: AgentId): DueWake | undefined {
    const planned = this.#plans.get(agentId);
    const moment = this.#moment();
    if (!planned || !isDue(planned.plan, moment)) return undefined;
    const { plan, intervalMs } = planned;
    const cause = isMissed(plan, intervalMs, moment) ? 'missed' : 'interval';
    return { cause, dueAt: plan.nextAt, next: nextPlan(plan, intervalMs, moment) };
  }

  /** On disk; in memory with `advance`, once the transaction is over. */
  keep(agentId: AgentId, { nextAt }: WakePlan): void {
    this.#deps.store.putPlan({ agentId, nextAt });
  }

  advance(agentId: AgentId, plan: WakePlan): void {
    const planned = this.#plans.get(agentId);
    if (planned) this.#plans.set(agentId, { ...planned, plan });
  }

  forget(agentId: AgentId): void {
    this.#deps.file.write(() => this.#deps.store.removePlan(agentId));
    this.#plans.delete(agentId);
    this.#kept.delete(agentId);
  }

  #set(agentId: AgentId, intervalMs: number): void {
    const known = this.#plans.get(agentId)?.plan;
    const moment = this.#moment();
    const plan = known ? withinInterval(known, intervalMs, moment) : firstPlan(this.#kept.get(agentId), intervalMs, moment);
    if (plan !== known) this.#deps.file.write(() => this.keep(agentId, plan));
    this.#plans.set(agentId, { plan, intervalMs });
    this.#kept.delete(agentId);
  }

  #moment(): Moment {
    const { clock } = this.#deps;
    return { now: clock.now(), elapsed: clock.elapsed() };
  }
}
