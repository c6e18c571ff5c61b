/** The root of the backend: builds the features over the stores and binds them to the doors, all by hand and in order. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { AgentStore } from './agents/agent-store.ts';
import { type AgentsFeature, composeAgents } from './agents/compose.ts';
import { agentFolders } from './agents/run-files.ts';
import { type RunStarter, startRun } from './agents/start-run.ts';
import { Supervisor } from './agents/supervisor.ts';
import type { DataPaths } from './base/data-paths.ts';
import { Disposables } from './base/disposables.ts';
import { lastLines } from './base/last-lines.ts';
import type { Config } from './config.ts';
import { ClientDoor } from './control/client-door.ts';
import { openSidecarDoor } from './control/sidecar-door.ts';
import { SocketDoor } from './control/socket-door.ts';
import { createDispatch } from './dispatch.ts';
import { createHandlers } from './handlers.ts';
import { HealthReport } from './health/health.ts';
import { Projects } from './projects/projects.ts';
import { type BuildInfo, buildId } from './protocol/health.ts';
import type { LogLevel } from './protocol/requests.ts';
import { collectOutbox, outboxPath } from './sidecar/outbox.ts';
import type { Stores } from './stores.ts';
import { ViewStates } from './views/view-states.ts';

export type ServerOptions = {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly build: BuildInfo;
  readonly stores: Stores;
  readonly level: { get(): LogLevel; set(level: LogLevel): void };
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
  /** What callers must show; new for each life of the backend. */
  readonly token: string;
  /** Ends the process in order. */
  readonly end: (reason: string) => void;
};

export type Server = ReturnType<typeof createServer>;

type Parts = { readonly projects: Projects; readonly views: ViewStates; readonly supervisor: Supervisor; readonly agents: AgentsFeature };

/** Time for the answer to go out before the end begins. */
const answerFirstMs = 20;
const markEveryMs = 1_000;
const now = () => Date.now();

export function createServer(options: ServerOptions) {
  const parts = buildFeatures(options);
  const { clients, socket, health } = buildDoors(options, parts);
  const closing = new Disposables();
  tellClients(parts, health, clients);
  return {
    health,
    /** Takes callers in, and takes over the sidecars that an earlier backend left. */
    async open() {
      await socket.listen();
      closing.add(() => parts.supervisor.close());
      closing.add(() => socket.close());
      parts.supervisor.adopt();
      parts.agents.events.settle();
      const marks = setInterval(() => {
        options.stores.saveMarks();
        health.touch();
      }, markEveryMs).unref();
      closing.add(() => clearInterval(marks));
    },
    /** Nobody is attached and no agent has or waits for anything. */
    isIdle: () => clients.count === 0 && parts.agents.agents.isQuiet() && parts.agents.approvals.open().length === 0,
    stopAgents: () => parts.agents.agents.stopAll(),
    tell: clients.broadcast.bind(clients),
    close: () => closing.close(),
  };
}

function buildFeatures(options: ServerOptions): Parts {
  const { config, paths, build, stores, level, log, warn } = options;
  const projects = new Projects({
    db: stores.sessions.db,
    write: (work) => stores.sessions.write(work),
    audit: (entry) => stores.btmsg.write(() => stores.audit.append(entry)),
    now,
  });
  const supervisor = new Supervisor({
    agentsDir: paths.agents,
    runRecordsDir: paths.runRecords,
    sidecarProgram: config.sidecarProgram,
    log,
  });
  const store = new AgentStore(stores.btmsg.db);
  const { dataDir, orphanGraceMs, programUmask } = config;
  const places = { dataDir, agentsDir: paths.agents, orphanGraceMs, programUmask, build: buildId(build), logLevel: level.get };
  const starter: RunStarter = { supervisor, file: stores.btmsg, store, audit: stores.audit, now, ...places };
  const agents = composeAgents({
    sessionsFile: stores.sessions,
    btmsgFile: stores.btmsg,
    audit: stores.audit,
    store,
    supervisor,
    findProject: (reference) => projects.find(reference),
    getProject: (id) => projects.get(id),
    startRun: (agent, project, ackedSeq) => startRun(starter, agent, project, ackedSeq),
    drainOutbox: (agentId, takeIn) => collectOutbox(outboxPath(agentFolders(paths.agents, agentId).privateDir), takeIn),
    hashOf: (value) => createHash('sha256').update(JSON.stringify(value)).digest('hex'),
    hostname: hostname(),
    build: buildId(build),
    now,
    log: warn,
  });
  const views = new ViewStates({ db: stores.sessions.db, write: (work) => stores.sessions.write(work), now });
  return { projects, views, supervisor, agents };
}

function buildDoors(options: ServerOptions, { projects, views, supervisor, agents }: Parts) {
  const { build, paths, token, stores, level, log, warn, end } = options;
  const health = new HealthReport({
    build,
    dataDir: paths.dataDir,
    startedAt: now(),
    clients: () => clients.count,
    sidecars: () => sidecarHealth(supervisor, agents),
    openApprovals: () => agents.approvals.open().length,
    problems: () => stores.problems(),
  });
  const handlers = createHandlers({
    projects,
    views,
    health,
    agents: agents.agents,
    sessions: agents.sessions,
    approvals: agents.approvals,
    agentIdOf: (reference) => agents.registry.find(reference).id,
    agentLog: (reference, lines) => lastLines(agentFolders(paths.agents, agents.registry.find(reference).id).log, lines),
    setLogLevel: level.set,
    end: () => setTimeout(() => end('a caller asked for it'), answerFirstMs),
  });
  const clients = new ClientDoor({
    dispatch: createDispatch(handlers, warn),
    onClosed: ({ watcher }) => agents.sessions.unwatchAll(watcher),
    onChanged: () => health.touch(),
    log: warn,
  });
  const { takeIn, streamed, programChanged } = agents.events;
  const events = {
    takeIn: takeIn.bind(agents.events),
    streamed: streamed.bind(agents.events),
    programChanged: programChanged.bind(agents.events),
  };
  const sidecars = { ...events, attach: supervisor.accept.bind(supervisor), log: warn };
  const socket = new SocketDoor({
    socketPath: paths.socket,
    token,
    build,
    openClient: (connection, hello) => clients.open(connection, hello),
    checkSidecar: (hello) => supervisor.check(hello),
    openSidecar: (connection, hello) => openSidecarDoor(sidecars, connection, hello),
    handOver: () => end('a newer build takes over'),
    log,
  });
  return { clients, socket, health };
}

function tellClients({ projects, agents }: Parts, health: HealthReport, clients: ClientDoor): void {
  projects.changed.on((project) => clients.broadcast('project/changed', { project }));
  projects.removed.on((projectId) => clients.broadcast('project/removed', { projectId }));
  agents.reports.changed.on((agent) => {
    clients.broadcast('agent/changed', { agent });
    health.touch();
  });
  agents.registry.removed.on((agentId) => clients.broadcast('agent/removed', { agentId }));
  agents.approvals.changed.on((approval) => {
    clients.broadcast('approval/changed', { approval });
    health.touch();
  });
  health.changed.on((report) => clients.broadcast('health/changed', { health: report }));
}

function sidecarHealth(supervisor: Supervisor, { reports, registry }: AgentsFeature) {
  return supervisor
    .runs()
    .filter(({ record }) => registry.has(record.agentId))
    .map(({ record, hello, link }) => ({
      agentId: record.agentId,
      runId: record.runId,
      pid: hello?.pid ?? record.sidecar?.pid ?? 0,
      state: reports.view(record.agentId).state,
      connected: link !== undefined,
      startedAt: record.createdAt,
    }));
}
