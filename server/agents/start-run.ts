/** Starts a sidecar for an agent in its project's folder, and keeps that it ran. */
import { accessSync, constants } from 'node:fs';
import type { AuditLog } from '../audit/audit-log.ts';
import { newToken } from '../auth/token.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import { sidecarWireVersion } from '../protocol/handshake.ts';
import type { AgentId, RunId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { LogLevel } from '../protocol/requests.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { SandboxPlan } from '../protocol/sandbox.ts';
import type { Setting } from '../protocol/settings.ts';
import type { ResourceLimits } from '../protocol/supervision.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRecord, AgentStore } from './agent-store.ts';
import { agentFolders } from './run-files.ts';
import type { Run, Supervisor } from './supervisor.ts';

/** Where an agent works when that is not its project's folder. */
export type AgentWorkspace = {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly readOnlyPaths: readonly string[];
};

export type RunStarter = {
  readonly supervisor: Supervisor;
  readonly file: RecordFile;
  readonly store: AgentStore;
  readonly audit: AuditLog;
  readonly dataDir: string;
  readonly agentsDir: string;
  /** Where `agor`, `btmsg` and `bttask` are. */
  readonly binDir: string;
  readonly build: string;
  readonly setting: Setting;
  /** Undefined: in its project's folder. */
  readonly workspace: (agentId: AgentId) => AgentWorkspace | undefined;
  /** Goes before the setting. */
  readonly orphanGraceMs: number | undefined;
  readonly logLevel: (agentId: AgentId) => LogLevel;
  /** What is asked for now instead of what was set. */
  readonly narrowed: (plan: SandboxPlan, agent: Pick<AgentRecord, 'provider' | 'environment'>) => SandboxPlan;
  /** The person's own mode mask, for files that the agent makes in the project. */
  readonly programUmask: number;
  readonly now: () => number;
};

const minuteMs = 60_000;

export async function startRun(starter: RunStarter, agent: AgentRecord, project: Project, ackedSeq: number): Promise<Run> {
  const record = newRecord(starter, agent, project, ackedSeq);
  requireWritable(record.projectDir);
  const run = await starter.supervisor.start(record);
  const { runId, sidecar, createdAt, sandbox, projectDir } = run.record;
  const sidecarPid = sidecar?.pid ?? 0;
  starter.file.write(() => {
    starter.store.startRun({ id: runId, agentId: agent.id, sidecarPid, build: starter.build, startedAt: createdAt });
    const detail = { runId, sidecarPid, projectDir, provider: agent.provider, sandbox };
    starter.audit.append({ at: starter.now(), event: 'run_started', agentId: agent.id, actor: 'backend', detail });
  });
  return run;
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AgorError(
      'storage',
      `The folder ${folder}, in which the agent works, is gone or cannot be written. Bring it back or make it writable, then start the agent again.`,
      { cause },
    );
  }
}

/** The record of a run of the agent as it would be started now. */
export function newRecord(starter: RunStarter, agent: AgentRecord, project: Project, ackedSeq: number): RunRecord {
  const { setting } = starter;
  const { privateDir, agentDir } = agentFolders(starter.agentsDir, agent.id);
  const workspace = starter.workspace(agent.id);
  return {
    runId: newId<RunId>(),
    agentId: agent.id,
    token: newToken(),
    dataDir: starter.dataDir,
    projectDir: workspace?.path ?? project.path,
    agentDir,
    privateDir,
    provider: agent.provider,
    command: [...agent.command],
    environment: { ...agent.environment, ...workspace?.environment },
    path: agent.path,
    credentials: agent.credentials,
    orphanGraceMs: starter.orphanGraceMs ?? setting('agent.orphanGraceMinutes') * minuteMs,
    logLevel: starter.logLevel(agent.id),
    wireVersion: sidecarWireVersion,
    createdAt: starter.now(),
    programUmask: starter.programUmask,
    ackedSeq,
    agentName: agent.name,
    projectName: project.name,
    projectId: project.id,
    model: agent.model,
    sandbox: starter.narrowed(sandboxPlan(agent, setting, workspace?.readOnlyPaths), agent),
    limits: resourceLimits(setting),
    binDir: starter.binDir,
    sidecar: null,
    program: null,
  };
}

/** What the agent itself has goes before what is set for all. */
export function sandboxPlan(
  { sandboxMode, network }: Pick<AgentRecord, 'sandboxMode' | 'network'>,
  setting: Setting,
  readOnlyPaths: readonly string[] = [],
): SandboxPlan {
  return {
    mode: sandboxMode ?? setting('sandbox.mode'),
    network: network ?? setting('sandbox.network'),
    ports: [...setting('sandbox.ports')],
    readWritePaths: [...setting('sandbox.readWritePaths')],
    readOnlyPaths: [...setting('sandbox.readOnlyPaths'), ...readOnlyPaths],
  };
}

function resourceLimits(setting: Setting): ResourceLimits {
  return {
    memoryMb: setting('agent.memoryMb'),
    processes: setting('agent.processes'),
    openFiles: setting('agent.openFiles'),
    cpuPercent: setting('agent.cpuPercent'),
    maxHeapMb: setting('agent.maxHeapMb'),
    hardTurnMinutes: setting('agent.hardTurnMinutes'),
  };
}
