/** The part of the root that builds the doors, binds what is asked at them to the features, and tells those who look on. */
import { agentFolders } from './agents/run-files.ts';
import { AuditNews } from './audit/audit-news.ts';
import { systemClock } from './base/clock.ts';
import { ClientDoor } from './control/client-door.ts';
import { openSidecarDoor, type SidecarDoorDeps } from './control/sidecar-door.ts';
import { SocketDoor } from './control/socket-door.ts';
import { type Caller, createDispatch, type Dispatch } from './dispatch.ts';
import { createHandlers } from './handlers/handlers.ts';
import { HealthReport } from './health/health.ts';
import { readLog } from './log/read-log.ts';
import { sidecarLogFiles } from './log/sidecar-log-files.ts';
import type { Parts } from './parts.ts';
import type { ServerOptions } from './server-options.ts';
import { buildAuditFeatures } from './wiring/audit-features.ts';
import { aroundRestore } from './wiring/backup-course.ts';
import { noteSaves } from './wiring/budget-course.ts';
import { buildCatalogue } from './wiring/catalogue-places.ts';
import { endWide } from './wiring/incident-course.ts';
import { resumeRotations } from './wiring/leak-course.ts';
import { buildStorage } from './wiring/storage-places.ts';
import { buildUpkeep } from './wiring/upkeep.ts';

/** Time for the answer to go out before the end begins. */
const answerFirstMs = 20;
const now = () => Date.now();

export function buildDoors(options: ServerOptions, parts: Parts) {
  const { projects, views, settings, secrets, levels, supervisor, agents, fences, teamwork, search, notices, windows } = parts;
  const { prices, workspaces, spending, rotations, saving } = parts;
  const { build, paths, token, stores, log, warn, end, handOver } = options;
  const health = buildHealth(options, parts, () => clients.count);
  const auditing = buildAuditFeatures({ paths, stores, projects, registry: agents.registry, teamwork, build, now });
  const handlers = createHandlers({
    ...{ projects, views, settings, secrets, levels, health, teamwork, search, auditing, notices, windows, prices, spending, rotations },
    measuring: { metrics: parts.metrics, storage: buildStorage(options, parts), agentName: parts.agentName },
    workspaces: {
      ...workspaces,
      projectIdOf: (reference) => projects.find(reference).id,
      findAgent: (reference) => agents.registry.find(reference),
    },
    retention: parts.retention,
    ...{ agents: agents.agents, sessions: agents.sessions },
    saving: { ...saving, ...aroundRestore(agents, handOver) },
    deciding: { answers: agents.answers, approvals: agents.approvals, decisions: parts.decisions },
    outboxes: agents.outboxes,
    written: agents.written,
    looks: { saved: (paths) => sawSaves(parts, paths) },
    ...{ catalogue: buildCatalogue(options, parts), upkeep: buildUpkeep(options, parts) },
    agentIdOf: (reference) => agents.registry.find(reference).id,
    containment: { ...parts, capabilities: teamwork.capabilities, endWide: () => endWide({ ...parts, warn }) },
    explainSandbox: async (agentId) => ({ ...(await fences.explain(agentId)), incident: parts.incident.current ?? undefined }),
    agentLog: (agentId, wish) => readLog(sidecarLogFiles(agentFolders(paths.agents, agentId).privateDir), wish),
    end: () => setTimeout(() => end('a caller asked for it'), answerFirstMs),
  });
  const permit = permitOf(teamwork);
  const gate = createDispatch(handlers, { permit, logFailure: warn });
  const dispatch: Dispatch = (...call) => options.acknowledged(() => gate(...call));
  const clients = new ClientDoor({
    dispatch,
    onClosed: (caller) => forgetCaller(parts, caller),
    onChanged: () => health.touch(),
    onWindow: () => windowCame(parts, warn),
    language: teamwork.teams.language,
    log: warn,
  });
  const sidecars = sidecarDoorDeps(parts, { dispatch, acknowledged: options.acknowledged, log: warn });
  const socket = new SocketDoor({
    socketPath: paths.socket,
    token,
    build,
    openClient: (connection, hello) => clients.open(connection, hello),
    checkSidecar: (hello) => supervisor.check(hello),
    openSidecar: (connection, hello) => openSidecarDoor(sidecars, connection, hello),
    handOver,
    log,
  });
  return { clients, socket, health, followAudit: () => tellOfAudit(stores, auditing, clients) };
}

function buildHealth({ build, paths, stores }: ServerOptions, parts: Parts, clients: () => number): HealthReport {
  const { agents } = parts;
  return new HealthReport({
    build,
    dataDir: paths.dataDir,
    startedAt: now(),
    clients,
    sidecars: () => agents.sidecars(),
    openApprovals: () => agents.approvals.open().length,
    problems: () => knownProblems(stores, parts),
    incident: () => parts.incident.current,
    turns: () => agents.slots.counts(),
    desktopNotices: () => parts.desktop.state,
    backups: () => parts.saving.status(),
    fence: () => parts.fences.machine.found,
    checkpoints: () => parts.retention.checkpoints.results(),
  });
}

/** What a person has taken from an agent is refused to it at each call. */
function permitOf({ capabilities }: Parts['teamwork']): Parameters<typeof createDispatch>[1]['permit'] {
  return (caller, method, params) => void (caller.kind === 'agent' && capabilities.require(caller.agentId, method, params));
}

/** What a person should know of the installation, each in one sentence. */
function knownProblems(stores: ServerOptions['stores'], { teamwork, prices, search, saving, retention, service }: Parts): string[] {
  const { checkpoints, housekeeping } = retention;
  const all = [search, saving, checkpoints, housekeeping, service].flatMap((part) => part.problems());
  return [...stores.problems(), ...[teamwork.teams.groups.problem() ?? [], prices.problem() ?? []].flat(), ...all];
}

/** An open view of the log follows it; what a check found is told to who asked for it. */
function tellOfAudit({ audit }: ServerOptions['stores'], { auditTrail }: AuditFeatures, clients: ClientDoor): () => void {
  auditTrail.verifying.on((progress) => clients.tellPerson('audit/verifying', progress));
  return new AuditNews({ audit, clock: systemClock, tell: (seq) => clients.tellPerson('audit/appended', { seq }) }).follow();
}

function sawSaves({ agents, spending, projects }: Parts, paths: readonly string[]): void {
  agents.looks.saved(paths);
  noteSaves(spending, projects, paths);
}

/** It may have what an agent waits for, or what a rotation was cut off with. */
function windowCame({ agents, rotations }: Parts, warn: ServerOptions['warn']): void {
  agents.agents.startWaiting();
  resumeRotations(rotations, warn);
}

type AuditFeatures = ReturnType<typeof buildAuditFeatures>;
function forgetCaller({ agents, windows }: Parts, { watcher }: Caller): void {
  agents.sessions.unwatchAll(watcher);
  windows.gone(watcher);
}

type SidecarDoors = Pick<ServerOptions, 'acknowledged'> & { readonly dispatch: Dispatch; readonly log: SidecarDoorDeps['log'] };

function sidecarDoorDeps(
  { agents: { events }, supervisor, teamwork }: Parts,
  { dispatch, acknowledged, log }: SidecarDoors,
): SidecarDoorDeps {
  const { mail } = teamwork.messaging;
  return {
    attach: supervisor.accept.bind(supervisor),
    takeIn: (agentId, taken) => acknowledged(() => events.takeIn(agentId, taken)),
    streamed: events.streamed.bind(events),
    programChanged: events.programChanged.bind(events),
    fenced: events.fenced.bind(events),
    poisoned: events.poisoned.bind(events),
    mail: (agentId) => mail.snapshot(agentId),
    attachment: (agentId, attachmentId) => mail.attachment(agentId, attachmentId),
    call: (agentId, method, params) => dispatch({ kind: 'agent', agentId, watcher: () => {} }, method, params),
    log,
  };
}

export function tellClients(
  { projects, settings, secrets, agents, fences, incident, teamwork, search, desktop, spending }: Parts,
  health: HealthReport,
  clients: ClientDoor,
): void {
  projects.changed.on((project) => {
    clients.broadcast('project/changed', { project });
    // Trust is among what an editor shows.
    teamwork.teams.language.changed.emit();
  });
  projects.removed.on((projectId) => clients.broadcast('project/removed', { projectId }));
  settings.changed.on((names) => {
    agents.settingsChanged();
    if (names.some((name) => /^(budget|loops)\./.test(name))) spending.budgets.look();
    if (names.some((name) => name.startsWith('sandbox.'))) fences.machine.look();
    if (names.includes('notifications.desktop')) health.touch();
  });
  incident.changed.on(() => {
    fences.machine.look();
    health.touch();
  });
  fences.machine.changed.on(() => health.touch());
  secrets.available.on((name) => agents.agents.useSecret(name));
  agents.reports.changed.on((agent) => {
    clients.broadcast('agent/changed', { agent });
    health.touch();
  });
  agents.registry.removed.on((agentId) => clients.broadcast('agent/removed', { agentId }));
  agents.approvals.changed.on((approval) => {
    clients.broadcast('approval/changed', { approval });
    health.touch();
  });
  teamwork.teams.groups.reported.on(() => health.touch());
  search.changed.on(() => health.touch());
  desktop.changed.on(() => health.touch());
  search.progressed.on((progress) => clients.broadcast('search/progressed', progress));
  health.changed.on((report) => clients.broadcast('health/changed', { health: report }));
}
