/** How the agents are and when their managers are woken, put together over what agents, teams, tasks and messages know. */
import type { AgentsFeature } from './agents/compose.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { Clock } from './base/clock.ts';
import { FleetHealth } from './health/fleet-health.ts';
import { Heartbeats } from './health/heartbeats.ts';
import type { AgentId, TeamId } from './protocol/ids.ts';
import type { Setting } from './protocol/settings.ts';
import type { AgentProfile } from './protocol/team.ts';
import type { RecordFile } from './store/record-file.ts';
import { mayWake } from './wake/wake-decision.ts';
import type { FleetAgent, WakeFacts } from './wake/wake-facts.ts';
import { Wakes } from './wake/wakes.ts';

export type FleetSetup = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly setting: Setting;
  readonly agents: Pick<AgentsFeature, 'registry' | 'agents' | 'reports' | 'activity' | 'promptState'>;
  readonly profile: (id: AgentId) => AgentProfile;
  /** Its agents. */
  readonly members: (team: TeamId) => readonly AgentId[];
  readonly board: (team: TeamId) => WakeFacts['board'];
  readonly mail: (id: AgentId) => { readonly unread: number; readonly owed: number };
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type Fleet = ReturnType<typeof composeFleet>;

export function composeFleet(setup: FleetSetup) {
  const { agents, profile, mail, board, file, audit, clock, setting, log } = setup;
  const { registry, activity, reports } = agents;
  const common = { file, audit, clock, log, profile };
  const all = () => registry.all().map(({ id }) => id);
  const hasTurn = (id: AgentId) => activity.of(id).hasTurn;
  const heartbeats = new Heartbeats({ ...common, setting, shouldBeUp: (id) => registry.has(id) && hasTurn(id) });
  const health: FleetHealth = new FleetHealth({
    ...{ ...common, setting, agents: all, mail, heartbeats, facts: (id) => activity.of(id) },
    reviewCount: (team) => board(team).review.length,
    nextWakeAt: (id) => wakes.nextAt(id),
  });
  const wakes: Wakes = new Wakes({
    ...{ ...common, isBusy: hasTurn, promptState: agents.promptState, facts: (id) => wakeFacts(setup, health, id) },
    managers: () =>
      all()
        .map(profile)
        .filter(({ wakeStrategy }) => wakeStrategy !== null),
    mayWake: (id) => mayWake(reports.view(id)),
    giveWake: (id, prompt) => agents.agents.wake(id, prompt),
  });
  activity.alive.on((id) => heartbeats.onOutput(id));
  registry.removed.on((id) => {
    for (const part of [heartbeats, wakes]) part.forget(id);
  });
  return {
    ...{ health, wakes, heartbeats },
    /** By the agent's own command. */
    beat(id: AgentId): { at: number } {
      activity.sawLife(id);
      return heartbeats.beat(id);
    },
    start() {
      for (const part of [health, wakes]) part.start();
    },
    close() {
      for (const part of [health, wakes]) part.close();
    },
  };
}

/** Of the team that this agent manages, and of its own mail. */
function wakeFacts({ profile, members, board, mail, agents }: FleetSetup, health: FleetHealth, manager: AgentId): WakeFacts {
  const { teamId } = profile(manager);
  const others = members(teamId).filter((id) => id !== manager);
  // One that was added since the last look is told of the next time.
  const line = (id: AgentId): FleetAgent[] => {
    const member = health.member(id);
    return member ? [{ ...member, name: agents.registry.get(id).name, role: profile(id).role }] : [];
  };
  return { agents: others.flatMap(line), burn: health.burn([manager, ...others]), board: board(teamId), ...mail(manager) };
}
