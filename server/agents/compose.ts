/** Puts the parts of the agents feature together; what it needs from other features comes as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Failure } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { RecordFile } from '../store/record-file.ts';
import { AgentRegistry } from './agent-registry.ts';
import { AgentReports } from './agent-reports.ts';
import type { AgentRecord, AgentStore } from './agent-store.ts';
import { AgentWorker, type RunningTurn } from './agent-worker.ts';
import { Agents } from './agents.ts';
import { Approvals } from './approvals.ts';
import { EventIntake } from './event-intake.ts';
import { PromptQueue } from './prompt-queue.ts';
import { RunEvents } from './run-events.ts';
import { isCode } from './session-opener.ts';
import { Sessions } from './sessions.ts';
import type { Run, Supervisor } from './supervisor.ts';

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
  readonly drainOutbox: (agentId: AgentId, takeIn: (events: readonly NumberedEvent[]) => number) => unknown;
  readonly hashOf: (value: unknown) => string;
  readonly hostname: string;
  readonly build: string;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type AgentsFeature = ReturnType<typeof composeAgents>;

export function composeAgents(setup: AgentsSetup) {
  const { sessionsFile, btmsgFile, audit, store, supervisor, findProject, getProject, drainOutbox, hashOf, now, log } = setup;
  const prompts = new PromptQueue(sessionsFile.db);
  const sessions = new Sessions({ file: sessionsFile, now, hashOf });
  const approvals = new Approvals({ file: btmsgFile, audit, now, hashOf });
  const registry = new AgentRegistry({ file: btmsgFile, audit, store, getProject, now });
  const intake = new EventIntake({ file: btmsgFile, audit, agents: store, approvals, prompts, sessions });

  const workers = new Map<AgentId, AgentWorker>();
  const interrupted = runningTurns(sessions);
  const worker = (id: AgentId) => {
    const known = workers.get(id) ?? makeWorker(id, interrupted.get(id));
    interrupted.delete(id);
    workers.set(id, known);
    return known;
  };
  const run = (id: AgentId) => supervisor.run(id);
  const reports = new AgentReports({ registry, sessions, approvals, prompts, worker, run, hostname: setup.hostname });
  const makeWorker = (id: AgentId, turn: RunningTurn | undefined) => new AgentWorker(workerDeps(id), turn);
  // Numbers go on after what either file has: one of them may have been written without the other.
  const ackedSeq = (id: AgentId) => Math.max(sessions.ackedSeq(id), store.ackedSeq(id));
  const startableProject = (id: ProjectId) => requireStartable(getProject(id));
  const workerDeps = (id: AgentId): ConstructorParameters<typeof AgentWorker>[0] => ({
    record: () => registry.get(id),
    startRun: async () => setup.startRun(registry.get(id), startableProject(registry.get(id).projectId), ackedSeq(id)),
    stopRun: () => supervisor.stop(id),
    run: () => run(id),
    reachRun: () => supervisor.reach(id),
    nextPrompt: () => prompts.next(id),
    providerSession: (sessionId) => {
      const { providerSessionId, model, usage } = sessions.get(sessionId);
      return { providerSessionId, usage, model: registry.get(id).model ?? model };
    },
    failPrompt: (prompt, failure) => sessions.failPrompt(prompt.sessionId, prompt.id, failure, () => prompts.markSent(prompt.id)),
    failureOf,
    onChange: () => reports.touch(id),
    log: (message, fields) => log(message, { agentId: id, ...fields }),
  });

  const nextPrompt = (id: AgentId) => prompts.next(id);
  const parts = { audit, store, registry, sessions, approvals, intake, worker, run, nextPrompt };
  const events = new RunEvents({ file: btmsgFile, ...parts, build: setup.build, drainOutbox, now, log });
  const agents = new Agents({ registry, reports, sessions, prompts, approvals, worker, findProject, startableProject, now });
  registry.changed.on((id) => reports.touch(id));
  registry.removed.on((id) => workers.delete(id));
  sessions.changed.on((id) => reports.touch(sessions.get(id).agentId));
  approvals.changed.on((approval) => reports.touch(approval.agentId));
  supervisor.attached.on((attached) => events.onAttached(attached));
  supervisor.gone.on((gone) => events.onGone(gone));
  return { sessions, approvals, registry, reports, events, agents };
}

function runningTurns(sessions: Sessions): Map<AgentId, RunningTurn> {
  const turns = new Map<AgentId, RunningTurn>();
  for (const { id: sessionId, agentId } of sessions.running()) {
    const turnId = sessions.runningTurn(sessionId);
    if (turnId) turns.set(agentId, { sessionId, turnId });
  }
  return turns;
}

function requireStartable(project: Project | undefined): Project {
  if (!project) throw new AgorError('notFound', 'The project of that agent was removed. Add its folder again.');
  if (project.trusted) return project;
  throw new AgorError(
    'untrusted',
    `The project ${project.name} is not trusted, so no agent is started in it. Trust it in VS Code or with "agor project trust ${project.name}".`,
  );
}

/** A failure to start is told in its own words; they say what was tried and what to do. */
function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { type: isCode(error, 'needsCredentials') ? 'auth' : 'unknown', message, retryable: false };
}
