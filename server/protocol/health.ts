/** The state of the backend and of what it runs: `agor health --json` prints exactly this. */
import * as z from 'zod/mini';
import { AgentState } from './agent.ts';
import { BackupStatus } from './backup.ts';
import { Checkpoint } from './checkpoint.ts';
import { AgentId, RunId } from './ids.ts';
import { Incident } from './incident.ts';
import { DesktopNotices } from './notice.ts';
import { SandboxState } from './sandbox.ts';
import { ResourceFence, SidecarHealth } from './supervision.ts';

export const BuildInfo = z.object({
  version: z.string(),
  gitSha: z.string(),
  /** Epoch milliseconds: of two builds the one with the later time is the newer. */
  buildTime: z.number(),
  nodeVersion: z.string(),
  /** Of the contract's sources: two builds with the same one understand each other whole. None of builds that did not say. */
  contract: z.optional(z.string()),
});
export type BuildInfo = z.infer<typeof BuildInfo>;

/** One word per build, used in folder names and to compare. */
export function buildId(build: BuildInfo): string {
  return `${build.version}-${build.gitSha}-${build.buildTime.toString(36)}`;
}

/** Run from the sources: it is no build, and is never copied, tried out or gone back from. */
export function isFromSources(build: BuildInfo): boolean {
  return build.gitSha === 'dev' && build.buildTime === 0;
}

/** Each can call the other, whichever is the newer. */
export function understandEachOther(a: BuildInfo, b: BuildInfo): boolean {
  return buildId(a) === buildId(b) || (a.contract !== undefined && a.contract === b.contract);
}

export const SidecarReport = z.object({
  agentId: AgentId,
  /** Null when none runs because it crashed; `pid` and `startedAt` are 0 then. */
  runId: z.nullable(RunId),
  pid: z.number(),
  state: AgentState,
  /** Whether its channel to the backend is open now. */
  connected: z.boolean(),
  startedAt: z.number(),
  health: SidecarHealth,
});
export type SidecarReport = z.infer<typeof SidecarReport>;

export const Health = z.object({
  pid: z.number(),
  build: BuildInfo,
  state: z.enum(['healthy', 'degraded']),
  /** What is wrong, one sentence each; empty when healthy. */
  problems: z.array(z.string()),
  startedAt: z.number(),
  dataDir: z.string(),
  /** Connected windows and commands. */
  clients: z.number(),
  sidecars: z.array(SidecarReport),
  openApprovals: z.number(),
  /** Null while there is none. */
  incident: z.nullable(Incident),
  turns: z.object({ running: z.number(), waiting: z.number(), max: z.number() }),
  desktopNotices: DesktopNotices,
  /** Null until it has been looked at. */
  backups: z.nullable(BackupStatus),
  /** What a new agent with the default settings gets on this machine; null until the self-test has run. */
  sandbox: z.nullable(SandboxState),
  /** What bounds an agent's program on this machine; null until it has been looked for. */
  resources: z.nullable(ResourceFence),
  /** Of each database, how its write-ahead log was brought over the last time; none in the first five minutes. */
  checkpoints: z.optional(z.array(Checkpoint)),
});
export type Health = z.infer<typeof Health>;
