/**
 * Holds agents whose budget is used up or that go round in circles: no turn of theirs begins, and one that runs is ended.
 * A budget of the day holds by what is spent of it, so it lets go by itself on the next day, or when it is raised; a turn's
 * budget and the loop breaker hold until a person lets the agent go.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { Budget, Hold } from '../protocol/budget.ts';
import type { Raise } from '../protocol/budget-requests.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, TurnId } from '../protocol/ids.ts';
import type { BudgetBook } from './budget-book.ts';
import { budgetHold, loopHold } from './hold-text.ts';
import type { Holds } from './holds.ts';
import type { Ledger, Source } from './ledger.ts';
import type { LoopWatch } from './loop-watch.ts';
import { type BudgetedAgent, isNearlyUsedUp, isUsedUp, ofIdOf, raisedLimit } from './spending.ts';
import type { TurnStops } from './turn-stops.ts';

export type BudgetsDeps = {
  readonly book: BudgetBook;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly loops: LoopWatch;
  readonly stops: TurnStops;
  /** Whether agents that go round in circles are stopped. */
  readonly breaksLoops: () => boolean;
  readonly agents: () => readonly BudgetedAgent[];
  readonly hasTurn: (id: AgentId) => boolean;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** `agentId`: whose doing brought it about; null where nobody knows. */
export type BudgetNews =
  | { readonly kind: 'near' | 'reached'; readonly key: string; readonly agentId: AgentId | null; readonly budget: Budget }
  | { readonly kind: 'held'; readonly key: string; readonly agentId: AgentId; readonly hold: Hold };

const lookEveryMs = 30_000;
/** Text comes every second, of each agent. */
const textEveryMs = 1_000;
const growing: ReadonlySet<AgentEvent['type']> = new Set(['text', 'thinking', 'toolProgressed', 'blockEnded', 'plan']);

export class Budgets {
  /** The agent is held, held for another reason, or held no more. */
  readonly changed = new Emitter<AgentId>();
  readonly news = new Emitter<BudgetNews>();
  readonly #deps: BudgetsDeps;
  readonly #told = new Set<string>();
  #held: ReadonlyMap<AgentId, Hold> | undefined;
  #day = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looksSoon = false;
  #callOff: () => void = () => {};
  #callOffSoon: () => void = () => {};

  constructor(deps: BudgetsDeps) {
    this.#deps = deps;
  }

  /** What keeps the agent from its turns, or else from being woken. */
  holdOf(id: AgentId): Hold | null {
    if (!this.#held) this.#look(null);
    return this.#held?.get(id) ?? null;
  }

  /** None of its turns may begin. */
  isHeld(id: AgentId): boolean {
    const hold = this.holdOf(id);
    return hold !== null && hold.kind !== 'wakes';
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => {
      this.start();
      this.look();
    });
  }

  close(): void {
    this.#callOff();
    this.#callOffSoon();
  }

  /** Something else may have changed: the day, a setting, or what was told of a turn that was lost. */
  look(): void {
    try {
      this.#look(null);
    } catch (err) {
      this.#deps.log('the budgets were not looked at', { err });
    }
  }

  /** After the event was taken in. */
  onEvent(source: Source, event: AgentEvent, at: number): void {
    const { loops, stops, breaksLoops, holds, clock } = this.#deps;
    const { agentId } = source;
    const loop = loops.onEvent(source, event, at);
    if (event.type === 'turnEnded') stops.ended(agentId);
    if (loop && breaksLoops()) this.#hold(agentId, loopHold(loop, clock.now()));
    else if (growing.has(event.type) && clock.elapsed() - this.#lookedAt < textEveryMs && !holds.lasting(agentId, 'loop'))
      return this.#lookSoon();
    try {
      this.#look(agentId);
    } catch (err) {
      this.#deps.log('the budgets were not looked at', { agentId, err });
    }
  }

  /** What grew meanwhile may be the last that is heard for long. */
  #lookSoon(): void {
    if (this.#looksSoon) return;
    this.#looksSoon = true;
    this.#callOffSoon = this.#deps.clock.after(textEveryMs, () => {
      this.#looksSoon = false;
      this.look();
    });
  }

  list(id: AgentId | null): Budget[] {
    const all = this.#deps.book.all();
    const agent = this.#deps.agents().find((each) => each.id === id);
    return agent ? all.filter((budget) => bounds(budget, agent)) : all;
  }

  /** Of all agents together, in each unit. */
  ofAll(): Budget[] {
    return this.#deps.book.all().filter(({ scope }) => scope === 'total');
  }

  holds(): { agentId: AgentId; hold: Hold }[] {
    if (!this.#held) this.#look(null);
    return [...(this.#held ?? [])].map(([agentId, hold]) => ({ agentId, hold }));
  }

  /** All that hold the agent, since one click is to let it go on. */
  raise(id: AgentId, how: Raise, actor: string): Budget[] {
    const { book, holds, agents } = this.#deps;
    const agent = agents().find((each) => each.id === id);
    const stored = holds.lasting(id, 'budget');
    const used = this.list(id).filter(isUsedUp);
    const isRunning = used.some(({ scope }) => scope === 'turn');
    const turn = agent && stored?.budget && !isRunning ? [turnBudget(agent, stored.budget)] : [];
    const raised = [...used, ...turn];
    if (raised.length === 0) {
      throw new AgorError('refused', `No budget holds ${agent?.name ?? 'that agent'}. "agor budget set" changes what it may spend.`);
    }
    for (const budget of raised) {
      const amount = how === 'noneToday' ? null : raisedLimit(budget);
      book.raise(budget, { amount, today: how !== 'halfForGood', actor });
    }
    holds.lift(id, 'budget', { actor, because: 'its budget was raised' });
    this.#look(null);
    return this.list(id);
  }

  /** By a person: what waits goes on. A budget of the day has to be raised. */
  letGo(id: AgentId, actor: string): void {
    for (const kind of ['loop', 'wakes', 'budget'] as const) this.#deps.holds.lift(id, kind, { actor, because: 'a person resumed it' });
    this.#deps.loops.acted(id);
    this.#look(null);
  }

  /** For the schedule: it is woken no more until something changes or a person lets it. */
  holdWakes(id: AgentId, hold: Hold): void {
    this.#hold(id, hold);
    this.#look(id);
  }

  /** When a person, or a change, last let the schedule wake it again. */
  wakesFreshFrom(id: AgentId): number | null {
    return this.#deps.holds.endedAt(id, 'wakes');
  }

  letWake(id: AgentId, because: string): void {
    if (this.#deps.holds.lift(id, 'wakes', { actor: 'backend', because })) this.#look(id);
  }

  forget(id: AgentId): void {
    const { book, ledger, holds, loops, stops } = this.#deps;
    for (const part of [ledger, holds, loops, book]) part.forget(id);
    stops.ended(id);
    this.look();
  }

  #hold(id: AgentId, hold: Hold): void {
    if (this.#deps.holds.hold(id, hold)) this.news.emit({ kind: 'held', key: `held ${hold.kind} ${id} ${hold.since}`, agentId: id, hold });
  }

  #look(culprit: AgentId | null): void {
    const { book, agents, clock, stops, hasTurn } = this.#deps;
    this.#lookedAt = clock.elapsed();
    this.#followDay();
    const budgets = book.all();
    const known = agents();
    for (const budget of budgets) if (isNearlyUsedUp(budget)) this.#tell(budget, culprit);
    const before = this.#held ?? new Map<AgentId, Hold>();
    const held = new Map(
      known.flatMap((agent): [AgentId, Hold][] => {
        const hold = this.#holdNow(
          agent,
          budgets.filter((budget) => bounds(budget, agent) && isUsedUp(budget)),
          before.get(agent.id),
        );
        return hold ? [[agent.id, hold]] : [];
      }),
    );
    this.#held = held;
    for (const { id } of known) {
      if (JSON.stringify(before.get(id)) !== JSON.stringify(held.get(id))) this.changed.emit(id);
      if (this.isHeld(id) && hasTurn(id)) stops.stop(id);
    }
  }

  /** What a person has to lift comes first: it lasts longest. */
  #holdNow(agent: BudgetedAgent, used: readonly Budget[], before: Hold | undefined): Hold | undefined {
    const { holds, clock } = this.#deps;
    const turn = used.find(({ scope }) => scope === 'turn');
    if (turn) this.#hold(agent.id, budgetHold(turn, clock.now()));
    const [first] = holds.of(agent.id);
    if (first && first.kind !== 'wakes') return first;
    const day = used.find(({ scope }) => scope !== 'turn');
    if (!day) return first;
    const hold = budgetHold(day, clock.now());
    const isSame = before?.budget?.scope === day.scope && before.budget.unit === day.unit && before.budget.limit === day.limit;
    return { ...hold, since: isSame ? before.since : hold.since };
  }

  /** Recorded once for each share of each budget, also over a restart; whoever tells a person goes by the key. */
  #tell(budget: Budget, culprit: AgentId | null): void {
    const { book, ledger } = this.#deps;
    const kind = isUsedUp(budget) ? 'reached' : 'near';
    const turnId: TurnId | undefined = ledger.turns().find(({ agentId }) => agentId === budget.agentId)?.turnId;
    const when = budget.scope === 'turn' ? (turnId ?? '') : book.day;
    const key = ['budget', kind, budget.scope, ofIdOf(budget), budget.unit, when, budget.limit].join(' ');
    if (this.#told.has(key)) return;
    const agentId = budget.agentId ?? culprit;
    const { scope, unit, limit, spent, name } = budget;
    const event = kind === 'reached' ? 'budget_reached' : 'budget_warned';
    book.tellOnce(key, { event, agentId, detail: { scope, of: name, unit, limit, spent } });
    this.#told.add(key);
    this.news.emit({ kind, key, agentId, budget });
  }

  /** On the next day the budgets of the one before hold nobody any more. */
  #followDay(): void {
    const { book, holds, agents, clock } = this.#deps;
    const { day } = book;
    if (this.#day === day) return;
    const isFirst = this.#day === '';
    this.#day = day;
    this.#told.clear();
    book.prune();
    for (const { id } of agents()) {
      const since = holds.lasting(id, 'budget')?.since;
      if (since !== undefined && (!isFirst || book.dayOf(since) !== book.dayOf(clock.now())))
        holds.lift(id, 'budget', { actor: 'backend', because: 'the next day has begun' });
    }
  }
}

/** Whether the agent stops when it is used up. */
function bounds({ scope, agentId, projectId }: Budget, agent: BudgetedAgent): boolean {
  if (scope === 'total') return true;
  return scope === 'project' ? projectId === agent.projectId : agentId === agent.id;
}

/** Of a turn that is over: what it was held for says all there is. */
function turnBudget({ id: agentId, projectId, name }: BudgetedAgent, budget: NonNullable<Hold['budget']>): Budget {
  return { ...budget, agentId, projectId, name, limitFrom: 'own' };
}
