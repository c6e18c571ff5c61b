/** Starts a sidecar for an agent in its project's folder, and keeps that it ran. */
import { accessSync, constants } from 'node:fs';
import type { AuditLog } from '../audit/audit-log.ts';
import { newToken } from '../auth/token.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import { sidecarWireVersion } from '../protocol/handshake.ts';
import type { RunId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { LogLevel } from '../protocol/requests.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRecord, AgentStore } from './agent-store.ts';
import { agentFolders } from './run-files.ts';
import type { Run, Supervisor } from './supervisor.ts';

export type RunStarter = {
  readonly supervisor: Supervisor;
  readonly file: RecordFile;
  readonly store: AgentStore;
  readonly audit: AuditLog;
  readonly dataDir: string;
  readonly agentsDir: string;
  readonly build: string;
  readonly orphanGraceMs: number;
  readonly logLevel: () => LogLevel;
  /** The person's own mode mask, for files that the agent makes in the project. */
  readonly programUmask: number;
  readonly now: () => number;
};

export async function startRun(starter: RunStarter, agent: AgentRecord, project: Project, ackedSeq: number): Promise<Run> {
  requireWritable(project);
  const run = await starter.supervisor.start(newRecord(starter, agent, project, ackedSeq));
  const { runId, sidecar, createdAt } = run.record;
  const sidecarPid = sidecar?.pid ?? 0;
  starter.file.write(() => {
    starter.store.startRun({ id: runId, agentId: agent.id, sidecarPid, build: starter.build, startedAt: createdAt });
    const detail = { runId, sidecarPid, projectDir: project.path, provider: agent.provider, sandbox: 'off' };
    starter.audit.append({ at: starter.now(), event: 'run_started', agentId: agent.id, actor: 'backend', detail });
  });
  return run;
}

function requireWritable(project: Project): void {
  try {
    accessSync(project.path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AgorError(
      'storage',
      `The project's folder ${project.path} is gone or cannot be written. Bring it back or make it writable, then start the agent again.`,
      { cause },
    );
  }
}

function newRecord(starter: RunStarter, agent: AgentRecord, project: Project, ackedSeq: number): RunRecord {
  const { privateDir, agentDir } = agentFolders(starter.agentsDir, agent.id);
  return {
    runId: newId<RunId>(),
    agentId: agent.id,
    token: newToken(),
    dataDir: starter.dataDir,
    projectDir: project.path,
    agentDir,
    privateDir,
    provider: agent.provider,
    command: [...agent.command],
    environment: { ...agent.environment },
    path: agent.path,
    credentials: agent.credentials,
    orphanGraceMs: starter.orphanGraceMs,
    logLevel: starter.logLevel(),
    wireVersion: sidecarWireVersion,
    createdAt: starter.now(),
    programUmask: starter.programUmask,
    ackedSeq,
    sidecar: null,
    program: null,
  };
}
