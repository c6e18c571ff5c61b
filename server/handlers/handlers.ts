/** Which feature answers which method. */
import type { Agents } from '../agents/agents.ts';
import type { Outboxes } from '../agents/outboxes.ts';
import type { Sessions } from '../agents/sessions.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Handlers } from '../dispatch.ts';
import type { HealthReport } from '../health/health.ts';
import type { LogLevels } from '../log/log-levels.ts';
import type { LogPart, LogWish } from '../log/read-log.ts';
import type { Notices } from '../notices/notices.ts';
import type { Windows } from '../notices/windows.ts';
import type { Prices } from '../prices/prices.ts';
import type { Projects } from '../projects/projects.ts';
import type { AgentId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { SandboxExplanation } from '../protocol/sandbox.ts';
import type { Search } from '../search/search.ts';
import type { Rotations } from '../secrets/rotations.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import type { ViewStates } from '../views/view-states.ts';
import type { RetentionParts } from '../wiring/retention-course.ts';
import type { Teamwork } from '../wiring/teamwork.ts';
import { type AuditFeatures, auditHandlers } from './audit-handlers.ts';
import { type BackupFeatures, backupHandlers } from './backup-handlers.ts';
import { type BudgetFeatures, budgetHandlers } from './budget-handlers.ts';
import { type ConflictFeatures, conflictHandlers } from './conflict-handlers.ts';
import { type Containment, containmentHandlers } from './containment-handlers.ts';
import { type DecisionFeatures, decisionHandlers } from './decision-handlers.ts';
import { messageHandlers } from './message-handlers.ts';
import { type MetricsFeatures, metricsHandlers } from './metrics-handlers.ts';
import { noticeHandlers } from './notice-handlers.ts';
import { retentionHandlers } from './retention-handlers.ts';
import { screeningHandlers } from './screening-handlers.ts';
import { searchHandlers } from './search-handlers.ts';
import { taskHandlers } from './task-handlers.ts';
import { seenBy, teamHandlers } from './team-handlers.ts';
import { type Upkeep, upkeepHandlers } from './upkeep-handlers.ts';
import { type WorktreeFeatures, worktreeHandlers } from './worktree-handlers.ts';

export type Features = {
  readonly projects: Projects;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly deciding: Omit<DecisionFeatures, 'projectIdOf'>;
  readonly outboxes: Outboxes;
  readonly health: HealthReport;
  readonly views: ViewStates;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly rotations: Rotations;
  readonly teamwork: Teamwork;
  readonly measuring: Pick<MetricsFeatures, 'metrics' | 'storage' | 'agentName'>;
  readonly written: ConflictFeatures['written'] & MetricsFeatures['written'];
  readonly looks: ConflictFeatures['looks'];
  readonly search: Search;
  readonly notices: Notices;
  readonly windows: Windows;
  readonly prices: Prices;
  readonly spending: Pick<BudgetFeatures, 'book' | 'budgets'>;
  readonly catalogue: Catalogue;
  readonly workspaces: WorktreeFeatures;
  readonly auditing: Pick<AuditFeatures, 'auditTrail' | 'importing'>;
  readonly containment: Containment;
  readonly saving: BackupFeatures;
  readonly upkeep: Upkeep;
  readonly agentIdOf: (reference: string) => AgentId;
  readonly explainSandbox: (agentId: AgentId) => Promise<SandboxExplanation>;
  readonly agentLog: (agentId: AgentId, wish: LogWish) => LogPart;
  readonly retention: RetentionParts;
  readonly levels: LogLevels;
  /** Ends the backend once the answer is out. */
  readonly end: () => void;
};

const pageSize = 200;

export function createHandlers(features: Features): Handlers {
  return {
    ...viewHandlers(features),
    ...projectHandlers(features),
    ...agentHandlers(features),
    ...sessionHandlers(features),
    ...settingsHandlers(features),
    ...decisionHandlers({ ...features.deciding, projectIdOf: (reference) => features.projects.find(reference).id }),
    ...secretHandlers(features),
    ...outboxHandlers(features),
    ...sandboxHandlers(features),
    ...backendHandlers(features),
    ...teamworkHandlers(features),
    ...metricsHandlers({
      ...{ ...features, ...features.measuring, approvals: features.deciding.approvals },
      spentToday: () => features.spending.budgets.ofAll(),
      walBytes: () => features.retention.checkpoints.walBytes(),
    }),
    ...searchHandlers(features),
    ...noticeHandlers(features),
    ...conflictHandlers(features),
    ...containmentHandlers({ ...features.containment, agentIdOf: features.agentIdOf }),
    'price/list': () => features.prices.report(),
    'catalogue/list': async ({ path }) => ({ entries: await features.catalogue.list(path) }),
    ...worktreeHandlers(features.workspaces),
    ...backupHandlers(features.saving),
    ...retentionHandlers(features.retention),
    ...upkeepHandlers(features.upkeep),
    ...budgetHandlers({ ...features, ...features.spending, projectIdOf: (reference) => features.projects.find(reference).id }),
  };
}

function teamworkHandlers({ teamwork, auditing, agentIdOf }: Features) {
  const { messaging, tasks, teams, wakes, fleet, heldTexts, screen } = teamwork;
  return {
    ...messageHandlers({ messaging }),
    ...taskHandlers({ tasks }),
    ...teamHandlers({ teams, wakes, agentIdOf, teammates: () => fleet.teammates() }),
    ...screeningHandlers({ heldTexts, tryScreen: (text) => screen(text, { from: partyIds.person, kind: 'message' }) }),
    ...auditHandlers({ ...auditing, agentIdOf }),
  };
}

type Of<Feature extends string> = Pick<Handlers, Extract<keyof Handlers, `${Feature}/${string}`>>;

function viewHandlers({ views }: Features): Of<'view'> {
  return {
    'view/put': (params) => {
      views.put(params);
      return {};
    },
    'view/get': ({ view, key }) => ({ state: views.get(view, key) }),
  };
}

function projectHandlers({ projects, agents, teamwork }: Features): Of<'project'> {
  return {
    'project/add': (params, caller) => projects.add(params, caller.kind),
    'project/list': (_, caller) => {
      const seen = seenBy(caller, teamwork.teams);
      return { projects: projects.list().filter(({ id }) => seen.project(id)) };
    },
    'project/remove': async ({ project }, caller) => {
      const { id } = projects.find(project);
      await agents.removeAll(id, caller.kind);
      projects.remove(id, caller.kind);
      return {};
    },
    'project/trust': async (params, caller) => {
      const project = projects.trust(params.project, params.trusted, caller.kind);
      // What was started while it was trusted does not go on without.
      if (!project.trusted) await agents.stopOf(project.id);
      return project;
    },
  };
}

function agentHandlers({ agents, agentIdOf, agentLog, teamwork, deciding, spending }: Features): Of<'agent'> {
  return {
    'agent/add': (params, caller) => agents.add(params, caller.kind),
    'agent/list': ({ project }, caller) => {
      const seen = seenBy(caller, teamwork.teams);
      return { agents: agents.list(project).filter(({ id }) => seen.agent(id)) };
    },
    'agent/remove': async ({ agent }, caller) => {
      await agents.remove(agent, caller.kind);
      return {};
    },
    'agent/start': ({ agent, secrets }) => agents.start(agent, secrets),
    'agent/prompt': (params) => agents.prompt(params),
    'agent/steer': (params) => agents.steer(params),
    'agent/interrupt': ({ agent }) => agents.interrupt(agent),
    'agent/stop': ({ agent }) => agents.stop(agent),
    'agent/restart': ({ agent, secrets }) => agents.restart(agent, secrets),
    'agent/pause': ({ agent }, caller) => agents.pause(agent, caller.kind),
    'agent/resume': ({ agent }, caller) => {
      // What the loop breaker holds goes on too; a budget is raised instead.
      spending.budgets.letGo(agentIdOf(agent), caller.kind);
      return agents.resume(agent, caller.kind);
    },
    'agent/setMode': ({ agent, mode }, caller) => {
      const found = agents.view(agentIdOf(agent));
      deciding.decisions.modes.set(found, mode, caller.kind);
      return agents.view(found.id);
    },
    'agent/configure': (params, caller) => agents.configure(params, caller.kind),
    'agent/logs': ({ agent, lines = pageSize, level, cursor }) => agentLog(agentIdOf(agent), { lines, level, cursor }),
  };
}

function sessionHandlers({ agents, sessions, projects, agentIdOf }: Features): Of<'session'> {
  return {
    'session/list': ({ agent, project, limit = pageSize }) => {
      const agentId = agent === undefined ? null : agentIdOf(agent);
      const projectId = project === undefined ? null : projects.find(project).id;
      return { sessions: sessions.list({ agentId, projectId, limit }) };
    },
    'session/create': ({ agent }) => agents.createSession(agent),
    'session/resume': ({ session }) => agents.resumeSession(session),
    'session/watch': ({ session, limit = pageSize }, { watcher }) => sessions.watch(sessions.find(session).id, watcher, limit),
    'session/unwatch': ({ session }, { watcher }) => {
      sessions.unwatch(sessions.find(session).id, watcher);
      return {};
    },
    'session/items': ({ session, beforeOrdinal, limit = pageSize }) => sessions.page(sessions.find(session).id, beforeOrdinal, limit),
  };
}

function settingsHandlers({ settings }: Features): Of<'settings'> {
  return {
    'settings/get': () => ({ values: settings.values(), environment: settings.fromEnvironment() }),
    'settings/put': ({ values }, caller) => {
      settings.put(values, caller.kind);
      return {};
    },
  };
}

function secretHandlers({ secrets, rotations, agents }: Features): Of<'secret'> {
  return {
    'secret/list': () => ({ secrets: secrets.list() }),
    'secret/rotate': ({ name, value }, caller) => rotations.rotate(name, value, caller.kind),
    'secret/restart': async ({ name }) => ({ agents: await agents.restartHolders(name) }),
    'secret/record': ({ name, deleted }, caller) => {
      secrets.record(name, deleted, caller.kind);
      return {};
    },
  };
}

function outboxHandlers({ outboxes }: Features): Of<'outbox'> {
  return {
    'outbox/show': ({ agent, afterSeq }) => outboxes.show(agent, afterSeq),
    'outbox/requeue': async ({ agent, keys }, caller) => ({ requeued: await outboxes.requeue(agent, keys, caller.kind) }),
  };
}

function sandboxHandlers({ agentIdOf, explainSandbox }: Features): Of<'sandbox'> {
  return { 'sandbox/explain': ({ agent }) => explainSandbox(agentIdOf(agent)) };
}

function backendHandlers({ health, levels, agentIdOf, end }: Features): Of<'health'> & Of<'log'> & Of<'backend'> {
  return {
    'health/get': () => health.get(),
    'log/getLevel': ({ agent }) => ({ level: levels.get(agent === undefined ? undefined : agentIdOf(agent)) }),
    'log/setLevel': async ({ level, agent }) => ({ previous: await levels.set(level, agent === undefined ? undefined : agentIdOf(agent)) }),
    'backend/ping': () => ({}),
    'backend/stop': () => {
      end();
      return {};
    },
  };
}
