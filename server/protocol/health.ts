/** The state of the backend and of what it runs: `agor health --json` prints exactly this. */
import * as z from 'zod/mini';
import { AgentState } from './agent.ts';
import { AgentId, RunId } from './ids.ts';

export const BuildInfo = z.object({
  version: z.string(),
  gitSha: z.string(),
  /** Epoch milliseconds: of two builds the one with the later time is the newer. */
  buildTime: z.number(),
  nodeVersion: z.string(),
});
export type BuildInfo = z.infer<typeof BuildInfo>;

/** One word per build, used in folder names and to compare. */
export function buildId(build: BuildInfo): string {
  return `${build.version}-${build.gitSha}-${build.buildTime.toString(36)}`;
}

export const SidecarHealth = z.object({
  agentId: AgentId,
  runId: RunId,
  pid: z.number(),
  state: AgentState,
  /** Whether its channel to the backend is open now. */
  connected: z.boolean(),
  startedAt: z.number(),
});
export type SidecarHealth = z.infer<typeof SidecarHealth>;

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
  sidecars: z.array(SidecarHealth),
  openApprovals: z.number(),
  /** Whether agents are fenced in; this version does not yet do so. */
  sandbox: z.enum(['off']),
});
export type Health = z.infer<typeof Health>;
