/** What the wake scheduler knows of a manager's team, gathered from the features that know it. */
import type { FleetHealth } from '../health/fleet-health.ts';
import type { Messaging } from '../messaging/compose.ts';
import { type AgentId, PartyId } from '../protocol/ids.ts';
import type { Task } from '../protocol/task.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { TeamsFeature } from '../teams/compose.ts';
import type { BoardTask, FleetAgent, WakeFacts } from '../wake/wake-facts.ts';

export type WakeReasonParts = {
  readonly teams: Pick<TeamsFeature, 'profiles' | 'directory'>;
  readonly tasks: Pick<Tasks, 'counts' | 'blocked' | 'inReview'>;
  readonly messaging: Pick<Messaging, 'mail' | 'records'>;
  readonly fleet: Pick<FleetHealth, 'member' | 'burn'>;
};

export function wakeReasons(manager: AgentId, { teams, tasks, messaging, fleet }: WakeReasonParts): WakeFacts {
  const { teamId } = teams.profiles.of(manager);
  const others = teams.profiles.all().filter((profile) => profile.teamId === teamId && profile.agentId !== manager);
  const agents = others.flatMap(({ agentId, role }): FleetAgent[] => {
    const member = fleet.member(agentId);
    if (!member) return [];
    const { activity, attention, contextPressure, burnUsdPerHour } = member;
    const { name } = teams.directory.party(PartyId.parse(agentId));
    return [{ agentId, name, role, activity, attention, contextPressure, burnUsdPerHour }];
  });
  return {
    agents,
    burn: fleet.burn([manager, ...others.map(({ agentId }) => agentId)]),
    board: { counts: tasks.counts(teamId), blocked: tasks.blocked(teamId).map(named), review: tasks.inReview(teamId).map(named) },
    unread: messaging.records.deliveries.unreadCount(PartyId.parse(manager)),
    owed: messaging.mail.owed(manager).length,
  };
}

function named({ number, title }: Task): BoardTask {
  return { number, title };
}
