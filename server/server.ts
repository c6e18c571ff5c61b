/** The root of the backend: builds the features over the stores and binds them to the doors, all by hand and in order. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AgentStore } from './agents/agent-store.ts';
import { type AgentsFeature, composeAgents } from './agents/compose.ts';
import { composeFenceTrials } from './agents/fence-trials.ts';
import { agentFolders } from './agents/run-files.ts';
import { type RunStarter, startRun } from './agents/start-run.ts';
import { Supervisor } from './agents/supervisor.ts';
import { systemClock } from './base/clock.ts';
import { Disposables } from './base/disposables.ts';
import type { ClientDoor } from './control/client-door.ts';
import { buildDoors, tellClients } from './doors.ts';
import type { HealthReport } from './health/health.ts';
import { IncidentMode } from './incident/incident-mode.ts';
import { tightenedPlan } from './incident/tightened-plan.ts';
import { LogLevels } from './log/log-levels.ts';
import { SessionMetrics } from './metrics/session-metrics.ts';
import { Notices } from './notices/notices.ts';
import { Windows } from './notices/windows.ts';
import type { Parts } from './parts.ts';
import { Prices } from './prices/prices.ts';
import { Projects } from './projects/projects.ts';
import { buildId } from './protocol/health.ts';
import type { AgentId } from './protocol/ids.ts';
import { Search } from './search/search.ts';
import { composeSecrets } from './secrets/compose.ts';
import type { ServerOptions } from './server-options.ts';
import { Settings } from './settings/settings.ts';
import { outboxFiles, outboxPath } from './sidecar/outbox-file.ts';
import { briefingDue } from './teams/briefing.ts';
import { ViewStates } from './views/view-states.ts';
import { composeBackups, startBackups, tellOfBackups } from './wiring/backup-course.ts';
import { type BudgetParts, budgetsForAgents, composeBudgets, followSpending, startBudgets } from './wiring/budget-course.ts';
import { composeDecisions, followDecisions, tellOfDecisions } from './wiring/decision-course.ts';
import { keepNarrow } from './wiring/incident-course.ts';
import { keepersOf, noticeLeaks, resumeRotations, type SecretKeepers } from './wiring/leak-course.ts';
import { noticeWhatHappens, startNoticing, tellOfNotices } from './wiring/notice-course.ts';
import { buildDesktop } from './wiring/notice-desktop.ts';
import { noticeQuestions, noticeTurns } from './wiring/notice-turns.ts';
import { composeRetention, startRetention } from './wiring/retention-course.ts';
import { composeService, startService } from './wiring/service-course.ts';
import { composeTeamwork, type Teamwork } from './wiring/teamwork.ts';
import { joinTeamwork, startTeamwork, tellOfTeamwork } from './wiring/teamwork-course.ts';
import { tellOfWayBack } from './wiring/upgrade-course.ts';
import { composeWorktrees, startWorktrees, tellOfWorktrees, type WorktreeParts, workspaceFor } from './wiring/worktree-course.ts';
import type { Neighbours } from './worktrees/neighbours.ts';

export type Server = ReturnType<typeof createServer>;

const markEveryMs = 1_000;
const answersFirstMs = 300;
const now = () => Date.now();

export function createServer(options: ServerOptions) {
  // Before anything is written: it compares its index with what there is.
  const search = buildSearch(options);
  const keepers = keepersOf(() => clients);
  const features = buildFeatures(options, keepers);
  const saving = composeBackups({ options, ...features });
  const retention = composeRetention(options, { ...features, search });
  const service = composeService({ options, parts: features, health: () => health });
  const parts: Parts = { ...features, search, saving, retention, service };
  const { clients, socket, health, followAudit } = buildDoors(options, parts);
  const closing = new Disposables();
  tellOfAll(parts, health, clients);
  const noticing = { ...parts, health, dataDir: options.paths.dataDir, warn: options.warn };
  noticeWhatHappens(noticing);
  noticeLeaks(noticing);
  return {
    health,
    pulse: service.pulse,
    /** Takes callers in, and takes over the sidecars that an earlier backend left. */
    async open() {
      await socket.listen();
      closing.add(followAudit());
      closing.add(() => parts.supervisor.close());
      closing.add(() => socket.close());
      closing.add(() => parts.incident.close());
      parts.incident.start();
      parts.spending.ledger.recall();
      parts.supervisor.adopt();
      resumeRotations(parts.rotations, options.warn);
      closing.add(() => parts.agents.close());
      parts.agents.start();
      startBudgets({ ...noticing, ...parts.spending }, closing);
      startTeamwork(parts.teamwork, closing);
      startNoticing(noticing, closing);
      startWorktrees({ ...noticing, ...parts.workspaces }, closing);
      startBackups(saving, options, closing);
      startRetention(noticing, closing);
      closing.add(() => parts.desktop.close());
      closing.add(() => parts.fences.close());
      closing.add(() => parts.search.close());
      startLater(parts, closing);
      startService({ ...parts, options, health }, closing);
      closing.add(keepMarks(options, health));
      closing.add(() => socket.takeNobodyIn());
    },
    /** Nobody is attached and no agent has or waits for anything. */
    isIdle: () => clients.count === 0 && saving.backups.running === null && isQuiet(parts),
    stopAgents: () => parts.agents.agents.sleepAll(),
    tell: clients.broadcast.bind(clients),
    close: () => closing.close(),
    /** Something runs that only a kill ends. */
    isStuck: () => search.isStuck || saving.backups.isStuck,
    tellOfUpgrade: () => tellOfWayBack(options.paths, parts.notices, options.build),
  };
}

function keepMarks({ stores }: ServerOptions, health: HealthReport): () => void {
  const marks = setInterval(() => {
    stores.saveMarks();
    health.touch();
  }, markEveryMs).unref();
  return () => clearInterval(marks);
}

/** Windows and commands hear of what changes. */
function tellOfAll(parts: Parts, health: HealthReport, clients: ClientDoor): void {
  tellClients(parts, health, clients);
  tellOfTeamwork(parts.teamwork, clients);
  tellOfNotices(parts.notices, parts.desktop, clients);
  tellOfWorktrees(parts.workspaces, clients);
  tellOfDecisions(parts.decisions, clients);
  tellOfBackups(parts.saving, health, clients);
}

type Later = 'search' | 'saving' | 'retention' | 'service';

function buildFeatures(options: ServerOptions, keepers: SecretKeepers): Omit<Parts, Later> {
  const { config, stores, warn } = options;
  const kept = buildKept(options);
  const { projects, settings } = kept;
  const { sessions: sessionsFile, btmsg: btmsgFile, audit } = stores;
  const { secrets, rotations } = buildSecrets(options, keepers, () => agents);
  const supervisor = buildSupervisor(options);
  const levels = buildLevels(options, supervisor);
  const store = new AgentStore(stores.btmsg.db);
  const setting = settings.get.bind(settings);
  const incident = new IncidentMode({ file: btmsgFile, audit, clock: systemClock, log: warn });
  const narrowed: RunStarter['narrowed'] = (plan, agent) => (incident.current ? tightenedPlan(plan, agent) : plan);
  const workspaces = composeWorktrees({ options, projects, supervisor, store, agents: () => agents });
  const { worktrees, neighbours } = workspaces;
  const workFolder = (id: AgentId) => worktrees.present(id)?.path;
  const decisions = composeDecisions(options, { projects, incident, workFolder });
  const starter = buildStarter(options, { supervisor, store, setting, narrowed, worktrees, logLevel: levels.forStart.bind(levels) });
  const later = { agents: () => agents, spending: () => spending };
  const teamwork: Teamwork = composeTeamwork({ options, projects, setting, store, neighbours, ...later });
  const metrics = new SessionMetrics(sessionsFile.db);
  const noticing = buildNotices(options, { projects, setting });
  const prices = new Prices({ path: config.pricesFile, log: warn });
  const spending: BudgetParts = composeBudgets({ options, projects, setting, ...later });
  const agents: AgentsFeature = composeAgents({
    ...budgetsForAgents(spending),
    ...{ sessionsFile, btmsgFile, audit, store, supervisor },
    findProject: (reference) => projects.find(reference),
    getProject: (id) => projects.get(id),
    startRun: (agent, project, ackedSeq) => startRun(starter, agent, project, ackedSeq),
    workFolder,
    judge: decisions.judge,
    ...surroundings(options),
    measure: (course) => metrics.measure(course),
    setting,
    mail: teamwork.mail,
    turnEnded: noticeTurns(noticing, () => agents),
    asked: noticeQuestions(noticing, () => agents),
    priced: prices.priced.bind(prices),
    briefing: (id, turnCount) => contextFor(id, turnCount, { teamwork, neighbours }),
    readSecrets: secrets.read.bind(secrets),
  });
  followDecisions(decisions, { projects, agents });
  agents.registry.removed.on((agentId) => levels.forget(agentId));
  joinTeamwork(teamwork, agents);
  keepNarrow({ incident, supervisor, agents, warn });
  followSpending({ ...spending, agents, supervisor, teamwork });
  const fences = buildFences(options, starter, agents);
  const agentName = (id: AgentId) => store.nameOf(id) ?? '';
  const works = { secrets, rotations, levels, supervisor, agents, fences, incident, decisions, teamwork };
  const features = { ...works, metrics, prices, workspaces, spending, agentName };
  return { ...kept, ...noticing, ...features };
}

/** What agents take of the process around them. */
function surroundings({ paths, build, warn }: ServerOptions) {
  return {
    outboxFiles: outboxFiles((agentId: AgentId) => outboxPath(agentFolders(paths.agents, agentId).privateDir), buildId(build)),
    hashOf: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex'),
    ...{ hostname: hostname(), build: buildId(build), now, clock: systemClock, log: warn },
  };
}

function buildSupervisor({ config, paths, build, log }: ServerOptions): Supervisor {
  const dirs = { agentsDir: paths.agents, runRecordsDir: paths.runRecords };
  return new Supervisor({ ...dirs, sidecarProgram: config.sidecarProgram, build: buildId(build), log });
}

type NoticeParts = Pick<Parts, 'projects'> & { readonly setting: Settings['get'] };

function buildNotices(options: ServerOptions, parts: NoticeParts): Pick<Parts, 'notices' | 'windows' | 'desktop'> {
  const notices = new Notices({ file: options.stores.sessions, now });
  const windows = new Windows();
  return { notices, windows, desktop: buildDesktop(options, { ...parts, notices, windows }) };
}

function buildSecrets({ config, stores, givenSecrets }: ServerOptions, keepers: SecretKeepers, agents: () => AgentsFeature) {
  const files = { sessionsFile: stores.sessions, btmsgFile: stores.btmsg, audit: stores.audit };
  const handOver = (name: string, value: string) => agents().agents.handOver(name, value);
  return composeSecrets({ ...files, ...keepers, handOver, credentialsDir: config.credentialsDir, given: givenSecrets, now });
}

type ContextParts = { readonly teamwork: Teamwork; readonly neighbours: Neighbours };

/** The team now and then; the folder and the others who work beside it also whenever that has changed. */
function contextFor(id: AgentId, turnCount: number, { teamwork, neighbours }: ContextParts): string | undefined {
  const isDue = briefingDue(turnCount);
  const parts = [isDue ? teamwork.teams.briefing(id) : null, neighbours.notesFor(id, isDue)].filter((part) => part);
  return parts.length > 0 ? parts.join('\n\n') : undefined;
}

/** What is kept in `sessions.db` and needs nobody else. */
function buildKept({ stores, config }: ServerOptions): Pick<Parts, 'projects' | 'settings' | 'views'> {
  const file = { db: stores.sessions.db, write: <T>(work: () => T) => stores.sessions.write(work), now };
  return {
    views: new ViewStates(file),
    projects: new Projects({ ...file, audit: (entry) => stores.btmsg.write(() => stores.audit.append(entry)) }),
    settings: new Settings({
      ...file,
      environment: config.settings,
      audit: (values, actor) =>
        stores.btmsg.write(() => stores.audit.append({ at: now(), event: 'settings_changed', agentId: null, actor, detail: values })),
    }),
  };
}

function buildSearch({ config, paths, stores, warn }: ServerOptions): Search {
  return new Search({
    program: config.searchProgram,
    paths,
    sessions: stores.sessions.db,
    btmsg: stores.btmsg.db,
    pause: stores.readers,
    written: stores.written,
    clock: systemClock,
    log: warn,
  });
}

function buildFences({ config, paths, warn }: ServerOptions, starter: RunStarter, { registry, startableProject }: AgentsFeature) {
  return composeFenceTrials({
    starter,
    program: config.explainProgram,
    dir: join(paths.run, 'trials'),
    getAgent: (id) => registry.get(id),
    startableProject,
    clock: systemClock,
    log: warn,
  });
}

function buildLevels({ level, warn }: ServerOptions, supervisor: Supervisor): LogLevels {
  const levels = new LogLevels({
    backend: level,
    ofSidecar: (agentId) => supervisor.record(agentId)?.logLevel,
    tellSidecar: async (agentId, wanted) => supervisor.run(agentId)?.link?.request('run/setLogLevel', { level: wanted }),
  });
  supervisor.attached.on(({ record: { agentId } }) => {
    levels.attached(agentId).catch((err: unknown) => warn('a sidecar was not told its log level', { agentId, err }));
  });
  return levels;
}

type StarterParts = Pick<RunStarter, 'supervisor' | 'store' | 'setting' | 'narrowed' | 'logLevel'> & Pick<WorktreeParts, 'worktrees'>;

function buildStarter({ config, paths, build, stores }: ServerOptions, { worktrees, ...parts }: StarterParts): RunStarter {
  const { dataDir, orphanGraceMs, programUmask } = config;
  const workspace = (id: AgentId) => workspaceFor({ worktrees }, id);
  const places = { dataDir, agentsDir: paths.agents, binDir: paths.bin, workspace };
  return { ...parts, ...places, orphanGraceMs, programUmask, file: stores.btmsg, audit: stores.audit, build: buildId(build), now };
}

/** What nobody waits for begins once the first callers have been answered: it takes processors, and they are few. */
function startLater({ fences, search }: Parts, closing: Disposables): void {
  const callOff = systemClock.after(answersFirstMs, () => {
    fences.machine.look();
    search.start();
  });
  closing.add(callOff);
}

/** Nothing runs, waits, is owed or planned. */
function isQuiet({ agents, teamwork }: Parts): boolean {
  const { profiles } = teamwork.teams;
  const isPlanned = profiles.all().some(({ agentId }) => teamwork.wakes.nextAt(agentId) !== null);
  return !isPlanned && agents.agents.isQuiet() && agents.approvals.open().length === 0;
}
