/**
 * Wakes managers: decides when their time has come, keeps the decision with its reasons before anything is done about it,
 * and hands it over as a prompt. Each has one wake at most that it has not begun.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { newId } from '../base/uuid.ts';
import type { TurnEndReason } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, PromptId, WakeId } from '../protocol/ids.ts';
import type { AgentProfile } from '../protocol/team.ts';
import type { Wake } from '../protocol/wake.ts';
import type { RecordFile } from '../store/record-file.ts';
import { fleetSnapshot, isNews, readSnapshot } from './fleet-snapshot.ts';
import { sessionFor, shouldWake } from './wake-decision.ts';
import type { WakeFacts } from './wake-facts.ts';
import { repeatedWakes } from './wake-loop.ts';
import { type DueWake, WakePlans } from './wake-plans.ts';
import { wakeScore, wakeSignals } from './wake-signals.ts';
import { type WakeRecord, WakeStore } from './wake-store.ts';
import { wakeSummary } from './wake-summary.ts';

export type WakePrompt = { readonly id: PromptId; readonly text: string; readonly session: 'current' | 'fresh' };

export type WakesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Agents that have a wake strategy. */
  readonly managers: () => readonly AgentProfile[];
  readonly profile: (id: AgentId) => AgentProfile;
  readonly facts: (id: AgentId) => WakeFacts;
  /** Whether the schedule may wake it: not when it is paused, stopped or failed; when it sleeps or is idle, it may. */
  readonly mayWake: (id: AgentId) => boolean;
  /** A turn of it runs or is about to. */
  readonly isBusy: (id: AgentId) => boolean;
  /** Puts the prompt in the agent's queue, on disk when it returns, and wakes it. The same `id` again is the same prompt. */
  readonly giveWake: (id: AgentId, prompt: WakePrompt) => void;
  /** Whether the wake may follow the ones before it, the newest first. `isNews`: it tells what they did not. */
  readonly mayFollow: (wake: Wake, before: { readonly earlier: readonly Wake[]; readonly isNews: boolean }) => boolean;
  /** Undefined for one that was never given. */
  readonly promptState: (id: PromptId) => 'queued' | 'sent' | 'dropped' | undefined;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Occasion = Pick<Wake, 'cause' | 'dueAt'>;
type EndState = 'done' | 'failed' | 'cancelled';

export const lookEveryMs = 5_000;
/** Of each agent; with what it read, a wake has a few kibibytes. */
const keptWakes = 1_000;

export class Wakes {
  readonly changed = new Emitter<Wake>();
  readonly #deps: WakesDeps;
  readonly #store: WakeStore;
  readonly #plans: WakePlans;
  #callOff: () => void = () => {};

  constructor(deps: WakesDeps) {
    this.#deps = deps;
    this.#store = new WakeStore(deps.file.db);
    this.#plans = new WakePlans({ file: deps.file, clock: deps.clock, store: this.#store });
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => {
      this.start();
      this.#attempt(null, () => this.look());
    });
  }

  close(): void {
    this.#callOff();
  }

  list(agentId: AgentId | null, limit: number): Wake[] {
    return this.#store.newest(agentId, limit).map(shown);
  }

  /** On the wall clock; null for an agent that the schedule does not wake. */
  nextAt(agentId: AgentId): number | null {
    return this.#plans.nextAt(agentId);
  }

  /**
   * For a person, like a prompt of theirs: whatever the score, beside the schedule, also of an agent that is paused or stopped.
   * The one that is pending, if there is one.
   */
  wakeNow(agentId: AgentId, actor: string): Wake {
    const pending = this.#store.open().find((wake) => wake.agentId === agentId && wake.state === 'pending');
    if (pending) return shown(pending);
    const profile = this.#deps.profile(agentId);
    if (!profile.enabled) throw new AgorError('refused', 'This agent is disabled in groups.json. Enable it there, then wake it.');
    const wake = this.#candidate(profile, { cause: 'person', dueAt: this.#deps.clock.now() });
    this.#deps.file.write(() => this.#record(wake, actor));
    this.#give(wake);
    return shown(this.#store.get(wake.id) ?? wake);
  }

  /** Within the transaction of the event: the turn that works on these prompts has begun. */
  turnStarted(agentId: AgentId, promptIds: readonly PromptId[]): void {
    for (const wake of this.#openOf(agentId)) {
      if (promptIds.includes(wake.promptId)) this.#save({ ...wake, state: 'begun' });
      // The end of its turn was lost with whoever should have told it.
      else if (wake.state === 'begun') this.#end(wake, 'failed');
    }
  }

  /** Within the transaction of the event, or when nobody is left who could tell of it. */
  turnEnded(agentId: AgentId, reason: TurnEndReason): void {
    const state = reason === 'completed' ? 'done' : reason === 'interrupted' ? 'cancelled' : 'failed';
    for (const wake of this.#openOf(agentId)) if (wake.state === 'begun') this.#end(wake, state);
  }

  /** The person took it back before the agent began it. */
  promptDropped(promptId: PromptId): void {
    const wake = this.#store.pendingWith(promptId);
    if (wake) this.#end(wake, 'cancelled');
  }

  /** The agent was removed. */
  forget(agentId: AgentId): void {
    this.#deps.file.write(() => {
      for (const wake of this.#openOf(agentId)) this.#end(wake, 'cancelled');
      this.#plans.forget(agentId);
    });
  }

  look(): void {
    for (const wake of this.#store.open()) this.#attempt(wake.agentId, () => this.#settle(wake));
    const managers = this.#deps.managers().filter(({ enabled, wakeStrategy }) => enabled && wakeStrategy !== null);
    this.#plans.follow(managers);
    for (const profile of managers) this.#attempt(profile.agentId, () => this.#consider(profile));
  }

  /** After a crash in between, or when something was not told: a wake goes by what became of its prompt. */
  #settle(wake: WakeRecord): void {
    const { promptState, isBusy } = this.#deps;
    if (wake.state === 'begun') {
      if (!isBusy(wake.agentId)) this.#end(wake, 'failed');
      return;
    }
    const state = promptState(wake.promptId);
    if (state === undefined) this.#give(wake);
    else if (state === 'dropped') this.#end(wake, 'cancelled');
    // It could not be begun: a turn that begins is told first.
    else if (state === 'sent') this.#end(wake, 'failed');
  }

  #consider(profile: AgentProfile): void {
    const { agentId } = profile;
    const due = this.#plans.due(agentId);
    if (!due) return;
    const wake = this.#decide(profile, due);
    this.#deps.file.write(() => {
      this.#plans.keep(agentId, due.next);
      if (wake) this.#record(wake, 'backend');
    });
    this.#plans.advance(agentId, due.next);
    if (wake) this.#give(wake);
  }

  /** Nothing when there is no reason, or when what was decided before is still under way. */
  #decide(profile: AgentProfile, due: DueWake): WakeRecord | undefined {
    const { mayWake, isBusy, log } = this.#deps;
    const { agentId, wakeThreshold: threshold } = profile;
    if (!mayWake(agentId) || this.#openOf(agentId).length > 0) return undefined;
    try {
      const wake = this.#candidate(profile, due);
      const isNews = this.#tellsNews(wake);
      const outlook = { strategy: wake.strategy, threshold, score: wake.score, isNews, isBusy: isBusy(agentId) };
      if (!shouldWake(outlook)) return undefined;
      return this.#deps.mayFollow(shown(wake), { earlier: this.list(agentId, repeatedWakes), isNews }) ? wake : undefined;
    } catch (err) {
      log('a manager is not woken, because its team cannot be read', { agentId, err });
      return undefined;
    }
  }

  #candidate({ agentId, wakeStrategy }: AgentProfile, { cause, dueAt }: Occasion): WakeRecord {
    const facts = this.#deps.facts(agentId);
    const signals = wakeSignals(facts);
    const now = fleetSnapshot(facts, signals);
    const summary = wakeSummary(facts, { signals, cause, before: this.#lastTold(agentId), now });
    return {
      ...{ id: newId<WakeId>(), agentId, strategy: wakeStrategy ?? 'persistent', state: 'pending', cause, dueAt },
      ...{ score: wakeScore(signals), signals, summary, snapshot: JSON.stringify(now) },
      ...{ promptId: newId<PromptId>(), decidedAt: this.#deps.clock.now(), endedAt: null },
    };
  }

  #tellsNews({ agentId, snapshot }: WakeRecord): boolean {
    const [before, now] = [this.#lastTold(agentId), readSnapshot(snapshot)];
    return !before || !now || isNews(before, now);
  }

  #lastTold(agentId: AgentId) {
    const told = this.#store.lastTold(agentId);
    return told === undefined ? undefined : readSnapshot(told);
  }

  #openOf(agentId: AgentId): WakeRecord[] {
    return this.#store.open().filter((wake) => wake.agentId === agentId);
  }

  #record(wake: WakeRecord, actor: string): void {
    const { id, agentId, strategy, cause, score, signals, promptId, dueAt, decidedAt: at } = wake;
    const detail = { wakeId: id, strategy, cause, score, signals: signals.map(({ name }) => name), promptId, dueAt };
    this.#store.prune(agentId, keptWakes - 1);
    this.#store.put(wake);
    this.#deps.audit.append({ at, event: 'wake_event', agentId, actor, detail });
    this.#tell(id);
  }

  /** Throws what kept it from being given; what the disk does not take now is given with a later look. */
  #give(wake: WakeRecord): void {
    const { agentId, promptId: id, strategy, summary: text } = wake;
    try {
      this.#deps.giveWake(agentId, { id, text, session: sessionFor(strategy) });
    } catch (error) {
      const mayWorkLater = error instanceof AgorError && (error.code === 'storage' || error.code === 'unavailable');
      if (!mayWorkLater) this.#end(wake, 'failed');
      throw error;
    }
  }

  #end(wake: WakeRecord, state: EndState): void {
    this.#save({ ...wake, state, endedAt: this.#deps.clock.now() });
  }

  #save(wake: WakeRecord): void {
    this.#deps.file.write(() => this.#store.put(wake));
    this.#tell(wake.id);
  }

  /** A transaction of the caller may still be open, and may fail: told when it is over, and as it then stands on disk. */
  #tell(id: WakeId): void {
    queueMicrotask(() => {
      const kept = this.#deps.file.db.open ? this.#store.get(id) : undefined;
      if (kept) this.changed.emit(shown(kept));
    });
  }

  /** One manager that cannot be woken holds up no other. */
  #attempt(agentId: AgentId | null, step: () => void): void {
    try {
      step();
    } catch (err) {
      this.#deps.log('the wake scheduler could not do its work', { agentId, err });
    }
  }
}

function shown({ snapshot: _, ...wake }: WakeRecord): Wake {
  return wake;
}
