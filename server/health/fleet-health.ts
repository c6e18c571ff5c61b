/** How every agent is, derived again and again, and told where it changed. A turn that stalls is in the audit log. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Vitals } from '../protocol/attention.ts';
import type { AgentId, TeamId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { AgentProfile, Teammate } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type AgentFacts, type AgentHealth, agentHealth, upStatus, vitalsOf } from './agent-health.ts';
import { BurnMeter } from './burn-meter.ts';
import type { UpStatus } from './heartbeat-store.ts';

export type FleetHealthDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly setting: Setting;
  readonly agents: () => readonly AgentId[];
  readonly facts: (id: AgentId) => AgentFacts;
  readonly profile: (id: AgentId) => AgentProfile;
  /** Tasks of the team that wait for review. */
  readonly reviewCount: (team: TeamId) => number;
  /** Files that the agent and another have written lately. */
  readonly fileConflicts: (id: AgentId) => number;
  readonly mail: (id: AgentId) => { readonly unread: number; readonly owed: number };
  readonly heartbeats: { lastAt(id: AgentId): number | null; setStatus(id: AgentId, status: UpStatus): void };
  readonly nextWakeAt: (id: AgentId) => number | null;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** What is known of an agent beside what others may see of it. */
export type FleetMember = AgentHealth & { readonly agentId: AgentId; readonly burnUsdPerHour: number | null };

export type Burn = {
  /** Of all whose cost is known; null when nobody's is. */
  readonly usdPerHour: number | null;
  /** Over the hour before; null while too little of it is known. */
  readonly hourAverageUsd: number | null;
};

type Watched = {
  readonly meter: BurnMeter;
  member: FleetMember;
  teammate: Teammate;
  shown: string;
  stalledAt: number | undefined;
};

export const lookEveryMs = 5_000;

export class FleetHealth {
  /** Those that look different now. */
  readonly changed = new Emitter<readonly Teammate[]>();
  readonly #deps: FleetHealthDeps;
  readonly #watched = new Map<AgentId, Watched>();
  #callOff: () => void = () => {};
  #isTouched = false;
  #isClosed = false;

  constructor(deps: FleetHealthDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => {
      this.start();
      this.#tryLook();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#callOff();
  }

  /** Something of an agent changed that is not to wait for the next look; what happens at once is looked at once. */
  touch(): void {
    if (this.#isTouched) return;
    this.#isTouched = true;
    setImmediate(() => {
      this.#isTouched = false;
      if (!this.#isClosed) this.#tryLook();
    });
  }

  look(): void {
    const ids = new Set(this.#deps.agents());
    for (const id of this.#watched.keys()) if (!ids.has(id)) this.#watched.delete(id);
    const reviews = this.#reviewsByAgent([...ids]);
    const changed = [...ids].flatMap((id) => this.#lookAt(id, reviews.get(id) ?? 0));
    if (changed.length > 0) this.changed.emit(changed);
  }

  /** As of the last look. */
  teammates(): Teammate[] {
    return [...this.#watched.values()].map(({ teammate }) => teammate);
  }

  /** As of the last look; undefined for an agent that is newer. */
  member(id: AgentId): FleetMember | undefined {
    return this.#watched.get(id)?.member;
  }

  /** What these agents spend together. */
  burn(ids: readonly AgentId[]): Burn {
    const now = this.#deps.clock.elapsed();
    const meters = ids.flatMap((id) => this.#watched.get(id)?.meter ?? []);
    return {
      usdPerHour: sumOfKnown(meters.map((meter) => meter.usdPerHour(now))),
      hourAverageUsd: sumOfKnown(meters.map((meter) => meter.hourAverageUsd(now))),
    };
  }

  /** A timer has nobody who could be told. */
  #tryLook(): void {
    try {
      this.look();
    } catch (err) {
      this.#deps.log('the health of the agents cannot be told', { err });
    }
  }

  /** One agent of which something cannot be read hides nothing of the others. */
  #lookAt(id: AgentId, reviewTasks: number): Teammate[] {
    try {
      const facts = this.#deps.facts(id);
      const watched = this.#derive(id, facts, reviewTasks);
      this.#deps.heartbeats.setStatus(id, upStatus(facts.state));
      const shown = JSON.stringify(watched.teammate);
      if (shown === watched.shown) return [];
      watched.shown = shown;
      return [watched.teammate];
    } catch (err) {
      this.#deps.log('the health of an agent cannot be told', { agentId: id, err });
      return [];
    }
  }

  #derive(id: AgentId, facts: AgentFacts, reviewTasks: number): Watched {
    const { clock, setting, profile, fileConflicts } = this.#deps;
    const now = clock.elapsed();
    const known = this.#watched.get(id);
    const meter = known?.meter ?? new BurnMeter();
    if (facts.sessionId) meter.see(facts.sessionId, facts.usage?.costUsd ?? null, now);
    const { stallThresholdMin } = profile(id);
    const rules = { stallThresholdMin, hardTurnMinutes: setting('agent.hardTurnMinutes') };
    const burdens = { fileConflicts: fileConflicts(id), reviewTasks };
    const health = agentHealth(facts, burdens, rules, now);
    const member = { ...health, agentId: id, burnUsdPerHour: meter.usdPerHour(now) };
    const idleSince = health.activity === 'idle' ? (known?.teammate.vitals.idleSince ?? this.#wallTime(facts.lastLifeAt)) : null;
    const vitals = vitalsOf(facts, { ...burdens, ...health }, { idleSince, burnUsdPerHour: member.burnUsdPerHour });
    const teammate = this.#teammate(id, health, vitals);
    const watched = known ?? { meter, member, teammate, shown: '', stalledAt: undefined };
    this.#watched.set(id, Object.assign(watched, { member, teammate }));
    this.#noteStall(watched, now);
    return watched;
  }

  /** Asked once for each moment: the two clocks drift apart, and a later answer would be another one. */
  #wallTime(elapsedAt: number): number {
    const { clock } = this.#deps;
    return Math.round(clock.now() - (clock.elapsed() - elapsedAt));
  }

  #teammate(agentId: AgentId, { activity, attention }: AgentHealth, vitals: Vitals): Teammate {
    const { profile, mail, heartbeats, nextWakeAt } = this.#deps;
    const { role, tier, teamId } = profile(agentId);
    const { unread, owed } = mail(agentId);
    const times = { lastHeartbeatAt: heartbeats.lastAt(agentId), nextWakeAt: nextWakeAt(agentId) };
    return { agentId, role, tier, teamId, unread, owed, activity, attention, vitals, ...times };
  }

  /** Once when it begins and once when it ends; what the disk does not take now is tried again with the next look. */
  #noteStall(watched: Watched, now: number): void {
    const { agentId, stall, attention, activity } = watched.member;
    if ((stall !== undefined) === (watched.stalledAt !== undefined)) return;
    const stalledMs = Math.round(now - (watched.stalledAt ?? now));
    const entry = stall
      ? ({ event: 'agent_stalled', detail: { because: stall, reason: attention.reason } } as const)
      : ({ event: 'agent_recovered', detail: { activity, stalledMs } } as const);
    const { file, audit, clock, log } = this.#deps;
    try {
      file.write(() => audit.append({ at: clock.now(), agentId, actor: 'backend', ...entry }));
      watched.stalledAt = stall ? now : undefined;
    } catch (err) {
      log('a stall was not recorded', { agentId, event: entry.event, err });
    }
  }

  /** They are for those who lead and check; in a team that has nobody for it, for all. */
  #reviewsByAgent(ids: readonly AgentId[]): Map<AgentId, number> {
    const profiles = ids.flatMap((id) => this.#profileOf(id));
    const led = new Set(profiles.filter(({ tier }) => tier === 1).map(({ teamId }) => teamId));
    const counts = new Map([...new Set(profiles.map(({ teamId }) => teamId))].map((team) => [team, this.#deps.reviewCount(team)]));
    const isFor = ({ tier, teamId }: AgentProfile) => tier === 1 || !led.has(teamId);
    return new Map(profiles.filter(isFor).map(({ agentId, teamId }) => [agentId, counts.get(teamId) ?? 0]));
  }

  /** Nothing for an agent that was removed in between. */
  #profileOf(id: AgentId): AgentProfile[] {
    try {
      return [this.#deps.profile(id)];
    } catch (err) {
      this.#deps.log('the health of an agent cannot be told', { agentId: id, err });
      return [];
    }
  }
}

function sumOfKnown(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0);
}
