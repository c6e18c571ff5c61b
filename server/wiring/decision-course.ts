/** The part of the root that says who answers questions in place of the person, and follows what that depends on. */
import type { AgentsFeature } from '../agents/compose.ts';
import type { Judge } from '../agents/judge.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { IncidentMode } from '../incident/incident-mode.ts';
import { Modes } from '../permissions/modes.ts';
import { isRealPath } from '../permissions/real-path.ts';
import { Rules } from '../permissions/rules.ts';
import { verdictOf } from '../permissions/verdict.ts';
import type { Projects } from '../projects/projects.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { ServerOptions } from '../server-options.ts';

export type DecisionParts = {
  readonly rules: Rules;
  readonly modes: Modes;
  readonly judge: Judge;
  /** Whether a path of that agent is where it says. */
  readonly isRealPathOf: (agentId: AgentId, projectId: ProjectId) => (path: string) => boolean;
};

type Around = {
  readonly projects: Projects;
  readonly incident: IncidentMode;
  /** The folder that the agent works in, where it is not its project's. */
  readonly workFolder: (id: AgentId) => string | undefined;
};

export function composeDecisions({ stores }: ServerOptions, { projects, incident, workFolder }: Around): DecisionParts {
  const kept = { file: stores.btmsg, audit: stores.audit, now: () => Date.now() };
  const rules = new Rules(kept);
  const modes = new Modes(kept);
  const isRealPathOf: DecisionParts['isRealPathOf'] = (agentId, projectId) => (path) =>
    isRealPath(workFolder(agentId) ?? projects.get(projectId)?.path ?? '/', path);
  const judge: Judge = {
    mode: (id) => modes.of(id),
    verdict: ({ agentId, projectId, request, sandbox }) => {
      const rule = rules.answering({ projectId, request, isRealPath: isRealPathOf(agentId, projectId) });
      const hasIncident = incident.current !== null;
      const asked = { decisions: request.decisions, isForm: request.form !== undefined };
      return verdictOf({ mode: modes.of(agentId), rule, sandbox, hasIncident, ...asked });
    },
    used: (rule) => rules.used(rule),
  };
  return { rules, modes, judge, isRealPathOf };
}

/** What was removed leaves no rule and no mode behind. */
export function followDecisions(
  { rules, modes }: DecisionParts,
  { projects, agents }: { readonly projects: Projects; readonly agents: AgentsFeature },
): void {
  modes.changed.on((id) => agents.reports.touch(id));
  agents.registry.removed.on((id) => modes.forget(id));
  projects.removed.on((id) => rules.forget(id, 'backend'));
}

export function tellOfDecisions({ rules }: DecisionParts, clients: ClientDoor): void {
  rules.changed.on((change) => clients.broadcast('rule/changed', change));
}
