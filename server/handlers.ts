/** Which feature answers which method. */
import type { Agents } from './agents/agents.ts';
import type { Approvals } from './agents/approvals.ts';
import type { Sessions } from './agents/sessions.ts';
import type { Handlers } from './dispatch.ts';
import type { HealthReport } from './health/health.ts';
import type { Projects } from './projects/projects.ts';
import type { LogLevel } from './protocol/requests.ts';
import type { ViewStates } from './views/view-states.ts';

export type Features = {
  readonly projects: Projects;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly health: HealthReport;
  readonly views: ViewStates;
  readonly agentIdOf: (reference: string) => string;
  readonly agentLog: (reference: string, lines: number) => string[];
  readonly setLogLevel: (level: LogLevel) => void;
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
    ...backendHandlers(features),
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

function projectHandlers({ projects, agents }: Features): Of<'project'> {
  return {
    'project/add': (params, caller) => projects.add(params, caller.kind),
    'project/list': () => ({ projects: projects.list() }),
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

function agentHandlers({ agents, agentLog }: Features): Of<'agent'> {
  return {
    'agent/add': (params, caller) => agents.add(params, caller.kind),
    'agent/list': ({ project }) => ({ agents: agents.list(project) }),
    'agent/remove': async ({ agent }, caller) => {
      await agents.remove(agent, caller.kind);
      return {};
    },
    'agent/start': ({ agent, secrets }) => agents.start(agent, secrets),
    'agent/prompt': (params) => agents.prompt(params),
    'agent/interrupt': ({ agent }) => agents.interrupt(agent),
    'agent/stop': ({ agent }) => agents.stop(agent),
    'agent/restart': ({ agent, secrets }) => agents.restart(agent, secrets),
    'agent/pause': ({ agent }, caller) => agents.pause(agent, caller.kind),
    'agent/resume': ({ agent }, caller) => agents.resume(agent, caller.kind),
    'agent/logs': ({ agent, lines = pageSize }) => ({ lines: agentLog(agent, lines) }),
  };
}

function sessionHandlers({ agents, sessions, projects, approvals, agentIdOf }: Features): Of<'session'> & Of<'approval'> {
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
    'approval/list': ({ all }) => ({ approvals: all ? approvals.all(pageSize) : approvals.open() }),
    'approval/answer': (params, caller) => agents.answer(params, caller.kind),
  };
}

function backendHandlers({ health, setLogLevel, end }: Features): Of<'health'> & Of<'log'> & Of<'backend'> {
  return {
    'health/get': () => health.get(),
    'log/setLevel': ({ level }) => {
      setLogLevel(level);
      return {};
    },
    'backend/ping': () => ({}),
    'backend/stop': () => {
      end();
      return {};
    },
  };
}
