/** Builds the teams feature over the agents and projects that there are. */
import type { AgentRegistry } from './agents/agent-registry.ts';
import type { AgentStore } from './agents/agent-store.ts';
import { systemClock } from './base/clock.ts';
import type { Projects } from './projects/projects.ts';
import type { Setting } from './protocol/settings.ts';
import type { ServerOptions } from './server.ts';
import { composeTeams, type TeamsFeature } from './teams/compose.ts';

type Parts = { readonly projects: Projects; readonly registry: AgentRegistry; readonly store: AgentStore; readonly setting: Setting };

export function buildTeams({ config, stores, warn }: ServerOptions, { projects, registry, store, setting }: Parts): TeamsFeature {
  const teams = composeTeams({
    file: stores.btmsg,
    audit: stores.audit,
    groupsFile: config.groupsFile,
    home: config.home,
    agents: { all: () => registry.all(), put: registry.declare.bind(registry), settle: () => registry.settle() },
    removedName: (id) => store.nameOf(id),
    projects: () => projects.list(),
    getProject: (id) => projects.get(id),
    addProject: (project, actor) => projects.add(project, actor),
    // Nobody writes to anybody before there is mail.
    hasWrittenTo: () => false,
    sealFor: () => '',
    setting,
    now: () => Date.now(),
    clock: systemClock,
    log: warn,
  });
  tellOfAgents(registry, teams);
  // Trust is among what an editor shows.
  projects.changed.on(() => teams.language.changed.emit());
  return teams;
}

/** One that is new has a part from the beginning, and one that goes leaves its own behind. */
function tellOfAgents(registry: AgentRegistry, { profiles, language }: TeamsFeature): void {
  const known = new Set(registry.all().map(({ id }) => id));
  registry.changed.on((id) => {
    if (known.has(id)) return;
    known.add(id);
    profiles.changed.emit([profiles.of(id)]);
    language.changed.emit();
  });
  registry.removed.on((id) => {
    known.delete(id);
    profiles.forget(id);
    language.changed.emit();
  });
}
