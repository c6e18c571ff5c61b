/** The health of a few agents over a real file, on a clock that a test moves; what is known of them is played. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentFacts } from '../../server/health/agent-health.ts';
import { FleetHealth } from '../../server/health/fleet-health.ts';
import type { AgentId, SessionId, TeamId } from '../../server/protocol/ids.ts';
import { defaultSettings } from '../../server/protocol/settings.ts';
import type { AgentProfile, Teammate } from '../../server/protocol/team.ts';
import { FakeClock } from './fake-clock.ts';
import { agentProfile, usage } from './team-samples.ts';
import { TestStores } from './test-stores.ts';

export class FleetWorld {
  readonly kept = new TestStores();
  readonly clock = new FakeClock();
  readonly facts = new Map<AgentId, AgentFacts>();
  readonly profiles = new Map<AgentId, AgentProfile>();
  readonly reviews = new Map<TeamId, number>();
  readonly conflicts = new Map<AgentId, number>();
  readonly mail = new Map<AgentId, { unread: number; owed: number }>();
  readonly statuses = new Map<AgentId, string>();
  readonly logged: string[] = [];
  /** Each time that something changed, who did. */
  readonly told: (readonly Teammate[])[] = [];
  readonly fleet: FleetHealth;

  constructor() {
    const { btmsg: file, audit } = this.kept.stores;
    this.fleet = new FleetHealth({
      ...{ file, audit, clock: this.clock, setting: (name) => defaultSettings[name] },
      agents: () => [...this.facts.keys()],
      facts: (id) => required(this.facts.get(id)),
      profile: (id) => required(this.profiles.get(id)),
      reviewCount: (team) => this.reviews.get(team) ?? 0,
      fileConflicts: (id) => this.conflicts.get(id) ?? 0,
      mail: (id) => this.mail.get(id) ?? { unread: 0, owed: 0 },
      heartbeats: { lastAt: () => null, setStatus: (id, status) => void this.statuses.set(id, status) },
      nextWakeAt: () => null,
      log: (message) => void this.logged.push(message),
    });
    this.fleet.changed.on((teammates) => void this.told.push(teammates));
  }

  add(fields: Partial<AgentProfile> = {}): AgentId {
    const agentId = newId<AgentId>();
    this.profiles.set(agentId, agentProfile({ ...fields, agentId }));
    this.set(agentId, {});
    return agentId;
  }

  /** An idle agent, but for what is said; what was said before stays. */
  set(id: AgentId, fields: Partial<AgentFacts>): void {
    const now = this.clock.elapsed();
    const idle: AgentFacts = {
      ...{
        state: 'idle',
        isUp: true,
        hasTurn: false,
        waitsForAnswer: false,
        hasOpenTools: false,
        failure: null,
        usage: null,
        openTools: 0,
      },
      ...{ lastLifeAt: now, lastNewsAt: now, repeats: 0, retryAt: Number.NEGATIVE_INFINITY, sessionId: newId<SessionId>() },
    };
    this.facts.set(id, { ...(this.facts.get(id) ?? idle), ...fields });
  }

  /** Works, and was heard just now. */
  works(id: AgentId): void {
    this.set(id, { state: 'running', hasTurn: true, lastLifeAt: this.clock.elapsed(), lastNewsAt: this.clock.elapsed() });
  }

  spends(id: AgentId, costUsd: number): void {
    this.set(id, { usage: usage({ costUsd }) });
  }

  teammate(id: AgentId): Teammate | undefined {
    return this.fleet.teammates().find(({ agentId }) => agentId === id);
  }

  remove(): void {
    this.fleet.close();
    this.kept.remove();
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such agent');
  return value;
}
