/** Puts the parts of the agents feature together; what it needs from other features comes as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import type { Hold } from '../protocol/budget.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { SecretUse } from '../protocol/secret.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import { ActivityFacts } from './activity-facts.ts';
import { AgentRegistry } from './agent-registry.ts';
import { AgentReports } from './agent-reports.ts';
import type { AgentRecord, AgentStore } from './agent-store.ts';
import { Agents } from './agents.ts';
import { Approvals } from './approvals.ts';
import { buildQuestions } from './compose-questions.ts';
import { workerDepsOf } from './compose-workers.ts';
import { EventIntake, type IntakeDeps } from './event-intake.ts';
import { FileLooks } from './file-looks.ts';
import { IdleEnds } from './idle-ends.ts';
import { type Judge, onlyPerson } from './judge.ts';
import { KnownFences } from './known-fences.ts';
import type { MailSource } from './mail-source.ts';
import { NewPrompts } from './new-prompts.ts';
import { noteRestart } from './note-restart.ts';
import { Outboxes, type OutboxFiles } from './outboxes.ts';
import { presenceOf } from './presence.ts';
import { PromptQueue } from './prompt-queue.ts';
import { Restarts } from './restarts.ts';
import { RunEvents } from './run-events.ts';
import type { SessionCourse } from './session-course.ts';
import { Sessions } from './sessions.ts';
import { sidecarReports } from './sidecar-reports.ts';
import type { Run, Supervisor } from './supervisor.ts';
import { TurnSlots } from './turn-slots.ts';
import { Workers } from './workers.ts';
import { WrittenFiles } from './written-files.ts';

export type AgentsSetup = {
  readonly sessionsFile: RecordFile;
  readonly btmsgFile: RecordFile;
  readonly audit: AuditLog;
  readonly store: AgentStore;
  readonly supervisor: Supervisor;
  readonly findProject: (reference: string) => Project;
  readonly getProject: (id: ProjectId) => Project | undefined;
  /** Starts a sidecar for the agent; told the number that its events go on after. */
  readonly startRun: (agent: AgentRecord, project: Project, ackedSeq: number) => Promise<Run>;
  /** The folder that the agent works in, where it is not its project's. */
  readonly workFolder: (id: AgentId) => string | undefined;
  readonly outboxFiles: OutboxFiles;
  readonly hashOf: (value: unknown) => string;
  /** In the transaction that keeps the session. */
  readonly measure: (course: SessionCourse) => void;
  readonly setting: Setting;
  readonly mail: MailSource;
  readonly turnEnded: IntakeDeps['turnEnded'];
  readonly asked: IntakeDeps['asked'];
  readonly priced?: IntakeDeps['priced'];
  /** What answers in place of the person; nothing does unless given. */
  readonly judge?: Judge;
  readonly spending?: IntakeDeps['spending'];
  /** Why no turn of the agent begins, or it is not woken; nothing holds it unless given. */
  readonly holdOf?: (id: AgentId) => Hold | null;
  /** What an agent should know beside its prompt, by how many turns its session has had; undefined for nothing. */
  readonly briefing: (id: AgentId, turnCount: number) => string | undefined;
  readonly readSecrets: (uses: readonly SecretUse[]) => Promise<Readonly<Record<string, string>>>;
  readonly hostname: string;
  readonly build: string;
  readonly now: () => number;
  /** For waits and spans; `now` is for what is written down. */
  readonly clock: Clock;
  /** How much memory can still be had, as a share of all; as the system says unless given. */
  readonly memory?: () => number | undefined;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type AgentsFeature = ReturnType<typeof composeAgents>;

export function composeAgents(setup: AgentsSetup) {
  const parts = buildParts(setup);
  const { registry, sessions, approvals, reports, activity, written, looks, events, outboxes, agents } = parts;
  const { restarts, slots, idle, startableProject, answers, limits } = parts;
  listen(setup.supervisor, parts);
  restarts.decided.on((decided) => noteRestart({ registry, sessions, log: setup.log }, decided));
  return {
    ...{ registry, sessions, approvals, reports, activity, written, looks, events, outboxes, agents, answers, slots, startableProject },
    presence: (id: AgentId) => presenceOf({ ...reports.view(id), ...parts.workers.of(id).status }),
    sidecars: () => sidecarReports({ supervisor: setup.supervisor, registry, reports, restarts }),
    /** Ends what runs of the agent; what waits for it goes on in a new start. */
    renew: (id: AgentId) => parts.workers.of(id).renew(),
    /** What holds the agent may be another now: what waited goes on, if it may. */
    holdChanged(id: AgentId) {
      reports.touch(id);
      if (registry.has(id)) parts.workers.of(id).deliver();
    },
    hasTurn: (id: AgentId) => registry.has(id) && parts.workers.of(id).status.hasTurn,
    /** Ends the turn that runs; prompts that wait stay. */
    interruptTurn: (id: AgentId) => parts.workers.of(id).interrupt(),
    /** Others may begin their turns now, and be shown with another fence. */
    settingsChanged() {
      for (const { id } of registry.all()) reports.touch(id);
      slots.look();
      limits.settingsChanged();
    },
    /** Ends what nothing stands for any more, and goes on where an earlier backend ended. */
    start() {
      events.settle();
      restarts.resume();
      idle.start();
      looks.start();
      limits.start();
    },
    /** Nothing is begun any more; what runs goes on without this backend. */
    close() {
      for (const part of [restarts, slots, idle, looks, limits]) part.close();
    },
  };
}

type Parts = ReturnType<typeof buildParts>;

function buildParts(setup: AgentsSetup) {
  const { btmsgFile: file, audit, store, supervisor, clock, setting, now, log } = setup;
  const records = openRecords(setup);
  const { registry, sessions, approvals, prompts } = records;
  const { mail } = setup;
  const newPrompts = new NewPrompts({ ...records, mail, now });
  const run = (id: AgentId) => supervisor.run(id);
  const worker = (id: AgentId) => workers.of(id);
  const deliver = (id: AgentId) => registry.has(id) && worker(id).deliver();
  const slots = new TurnSlots({
    max: () => setting('turns.max'),
    running: () => registry.all().filter(({ id }) => worker(id).isBusy).length,
    isReady: (id) => registry.has(id) && worker(id).isReady,
    begin: deliver,
  });
  const comeBack = (id: AgentId) => agents.comeBack(id);
  const restarts = new Restarts({ file, audit, setting, clock, restart: comeBack, goOn: deliver, log });
  const fences = new KnownFences(audit);
  const idle = new IdleEnds({ ...records, file, audit, worker, clock, setting, log }, setup.memory);
  const touch = (id: AgentId) => {
    reports.touch(id);
    idle.touch(id);
    slots.look();
  };
  const startableProject = (id: ProjectId) => requireStartable(setup.getProject(id));
  const workerDeps = (id: AgentId) => workerDepsOf({ setup, records, newPrompts, slots, restarts, touch, startableProject }, id);
  const workers = new Workers({ store, sessions, depsOf: workerDeps });
  const { judge = onlyPerson, hostname, holdOf = () => null } = setup;
  const asking = buildQuestions(setup, { ...records, worker, fences, run, judge });
  const { answers, questions } = asking;
  const reports = new AgentReports({ ...records, worker, run, restarts, slots, fences, holdOf, setting, mode: judge.mode, hostname });
  const activity = new ActivityFacts({ clock, sessions, view: (id) => reports.view(id), status: (id) => worker(id).status });
  const folder = (id: AgentId) => setup.workFolder(id) ?? setup.getProject(registry.get(id).projectId)?.path ?? '/';
  const written = new WrittenFiles({ clock, folder });
  const looks = new FileLooks({ clock, files: written, log });
  const { build, outboxFiles, findProject, turnEnded, asked, priced, spending } = setup;
  const intake = new EventIntake({
    ...{ file, audit, approvals, questions, prompts, sessions, mail, turnEnded, asked, now, log },
    ...(priced && { priced }),
    ...(spending && { spending, holdOf }),
  });
  const known = { file, audit, store, registry, sessions, approvals, answers, intake, restarts, fences, worker, run, mail, turnEnded };
  const events = new RunEvents({
    ...known,
    nextPrompt: (id) => prompts.next(id),
    isWaiting: (id) => prompts.stateOf(id) === 'queued',
    ...{ build, outboxFiles, now, log },
  });
  const agentIdOf = (reference: string) => registry.find(reference).id;
  const outboxes = new Outboxes({ agentIdOf, run, files: outboxFiles, collect: (id) => events.collect(id), file, audit, now });
  const agents = new Agents({ ...records, newPrompts, reports, worker, restarts, findProject, startableProject, now });
  return {
    ...{ ...records, ...asking, startableProject, workers, slots, restarts, fences, idle },
    ...{ touch, reports, activity, written, looks, events, outboxes, agents },
  };
}

/** Who has to know when something changes. */
function listen(
  supervisor: Supervisor,
  { touch, slots, workers, restarts, fences, idle, activity, written, registry, sessions, approvals, limits, events }: Parts,
): void {
  for (const changed of [registry.changed, restarts.changed, fences.changed]) changed.on(touch);
  sessions.changed.on((id) => touch(sessions.get(id).agentId));
  approvals.changed.on((approval) => {
    touch(approval.agentId);
    activity.sawLife(approval.agentId);
    limits.look();
    if (approval.state !== 'open') written.answered(approval.agentId);
  });
  events.heard.on(({ agentId, event, at }) => {
    activity.onEvent(agentId, event);
    written.onEvent(agentId, event, at);
  });
  registry.removed.on((id) => {
    for (const part of [workers, restarts, fences, idle, activity, written]) part.forget(id);
    slots.look();
  });
  supervisor.attached.on((attached) => events.onAttached(attached));
  supervisor.gone.on((gone) => events.onGone(gone));
}

export type AgentRecords = ReturnType<typeof openRecords>;

/** What is kept of agents: the parts that own rows, and know nothing of processes. */
function openRecords({ sessionsFile, btmsgFile, audit, store, getProject, hashOf, measure, now }: AgentsSetup) {
  const approvals = new Approvals({ file: btmsgFile, audit, now, hashOf });
  return {
    prompts: new PromptQueue(sessionsFile.db),
    sessions: new Sessions({ file: sessionsFile, now, hashOf, measure, answerOf: (id) => approvals.answeredWithoutPerson(id) }),
    approvals,
    registry: new AgentRegistry({ file: btmsgFile, audit, store, getProject, now }),
  };
}

function requireStartable(project: Project | undefined): Project {
  if (!project) throw new AgorError('notFound', 'The project of that agent was removed. Add its folder again.');
  if (project.trusted) return project;
  throw new AgorError(
    'untrusted',
    `The project ${project.name} is not trusted, so no agent is started in it. Trust it in VS Code or with "agor project trust ${project.name}".`,
  );
}
