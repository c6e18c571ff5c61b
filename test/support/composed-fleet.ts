/** Health and wakes as the root puts them together, on a clock that a test moves; teams, board and mail are played. */
import type { AgentsFeature } from '../../server/agents/compose.ts';
import type { AuditLog } from '../../server/audit/audit-log.ts';
import type { Clock } from '../../server/base/clock.ts';
import { FleetHealth } from '../../server/health/fleet-health.ts';
import { Heartbeats } from '../../server/health/heartbeats.ts';
import type { AgentId, TeamId } from '../../server/protocol/ids.ts';
import type { Setting } from '../../server/protocol/settings.ts';
import type { AgentProfile } from '../../server/protocol/team.ts';
import type { RecordFile } from '../../server/store/record-file.ts';
import { mayWake } from '../../server/wake/wake-decision.ts';
import type { FleetAgent, WakeFacts } from '../../server/wake/wake-facts.ts';
import { Wakes } from '../../server/wake/wakes.ts';

export type FleetSetup = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly setting: Setting;
  readonly agents: Pick<AgentsFeature, 'written' | 'registry' | 'agents' | 'reports' | 'activity'>;
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
    fileConflicts: (id) => agents.written.conflictsOf(id).length,
    nextWakeAt: (id) => wakes.nextAt(id),
  });
  const wakes: Wakes = new Wakes({
    ...{ ...common, isBusy: hasTurn, promptState: (id) => agents.agents.promptState(id), facts: (id) => wakeFacts(setup, health, id) },
    managers: () =>
      all()
        .map(profile)
        .filter(({ wakeStrategy }) => wakeStrategy !== null),
    mayWake: (id) => mayWake(reports.view(id)),
    giveWake: (id, prompt) => agents.agents.wake(id, prompt),
    mayFollow: () => true,
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
