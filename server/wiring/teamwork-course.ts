/** Who of the features that work together has to know when something changes, and what begins and ends with the backend. */
import type { AgentsFeature } from '../agents/compose.ts';
import type { Disposables } from '../base/disposables.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { Teamwork } from './teamwork.ts';

/** Once, when all of it is built. */
export function joinTeamwork(teamwork: Teamwork, agents: AgentsFeature): void {
  const { messaging, tasks, heartbeats, fleet, wakes, heldTexts, teams, capabilities } = teamwork;
  messaging.mailFor.on((agentId) => {
    agents.agents.mailArrived(agentId);
    fleet.touch();
  });
  // It may be given its mail again, or no more.
  capabilities.changed.on((agentId) => agents.agents.mailArrived(agentId));
  messaging.heldChanged.on(() => heldTexts.announce());
  tasks.heldChanged.on(() => heldTexts.announce());
  for (const changed of [tasks.changed, tasks.removed, teams.profiles.changed, wakes.changed]) changed.on(() => fleet.touch());
  agents.activity.alive.on((agentId) => heartbeats.onOutput(agentId));
  agents.reports.changed.on(() => fleet.touch());
  agents.written.changed.on(() => fleet.touch());
  tellOfNewAgents(teams, agents);
  agents.registry.removed.on((agentId) => {
    messaging.mail.agentRemoved(agentId);
    wakes.forget(agentId);
    heartbeats.forget(agentId);
    teams.profiles.forget(agentId);
    capabilities.forget(agentId);
    teams.language.changed.emit();
    fleet.touch();
  });
}

/** One that is new has a part in a team from the beginning. */
function tellOfNewAgents({ profiles, language }: Teamwork['teams'], { registry }: AgentsFeature): void {
  const known = new Set(registry.all().map(({ id }) => id));
  registry.changed.on((id) => {
    if (known.has(id)) return;
    known.add(id);
    profiles.changed.emit([profiles.of(id)]);
    language.changed.emit();
  });
  registry.removed.on((id) => known.delete(id));
}

/** After the agents have settled what an earlier backend left. */
export function startTeamwork({ teams, messaging, fleet, wakes }: Teamwork, closing: Disposables): void {
  for (const part of [teams.groups, messaging, fleet, wakes]) {
    closing.add(() => part.close());
    part.start();
  }
  fleet.look();
}

export function tellOfTeamwork({ teams, messaging, tasks, fleet, wakes, heldTexts }: Teamwork, clients: ClientDoor): void {
  messaging.changed.on((message) => clients.broadcast('message/changed', { message }));
  messaging.deadLetterChanged.on((deadLetter) => clients.broadcast('deadLetter/changed', { deadLetter }));
  heldTexts.changed.on((items) => clients.broadcast('screening/changed', { items }));
  tasks.changed.on((task) => clients.broadcast('task/changed', { task }));
  tasks.removed.on((removed) => clients.broadcast('task/removed', removed));
  wakes.changed.on((wake) => clients.broadcast('wake/changed', { wake }));
  fleet.changed.on((teammates) => clients.broadcast('team/changed', { profiles: [], teammates: [...teammates] }));
  teams.profiles.changed.on((profiles) => {
    clients.broadcast('team/changed', { teams: teams.profiles.teams(), profiles: [...profiles], teammates: [] });
  });
  teams.groups.reported.on((report) => {
    clients.broadcast('group/changed', { report });
    clients.broadcast('team/changed', { teams: teams.profiles.teams(), profiles: [], teammates: [] });
  });
}
