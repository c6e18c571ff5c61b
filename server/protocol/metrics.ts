/** What sessions cost and did, how the fleet is now, and what the data directory holds. */
import * as z from 'zod/mini';
import { TurnEndReason } from './agent-event.ts';
import { ActivityState, Attention, Vitals } from './attention.ts';
import { Budget } from './budget.ts';
import { AgentId, ProjectId, SessionId } from './ids.ts';

/** `stopped`: by a person. What the model refused, a limit ended, failed or crashed is an `error`. */
export const SessionStatus = z.enum(['success', 'error', 'stopped']);
export type SessionStatus = z.infer<typeof SessionStatus>;

/** So many sessions of each project are kept, the newest: as many as the earlier system kept, and as its small charts can show. */
export const keptSessionMetrics = 100;

/** A session as its last turn left it: one that goes on is measured anew when that turn ends. Null: its agent does not tell. */
export const SessionMetrics = z.object({
  id: z.number(),
  projectId: ProjectId,
  sessionId: SessionId,
  startTime: z.number(),
  endTime: z.number(),
  /** The most that was in its context at once. */
  peakTokens: z.nullable(z.number()),
  turnCount: z.number(),
  toolCallCount: z.number(),
  costUsd: z.nullable(z.number()),
  model: z.nullable(z.string()),
  status: SessionStatus,
  errorMessage: z.nullable(z.string()),
  /** Of `toolCallCount`, those that only read, searched or fetched. Null here and below: measured before this was kept. */
  gatheringCallCount: z.nullable(z.number()),
  /** How often a hook of its program failed. */
  hookFailureCount: z.nullable(z.number()),
  endReason: z.nullable(TurnEndReason),
});
export type SessionMetrics = z.infer<typeof SessionMetrics>;

/** With what is known of it elsewhere; empty or null when that is gone. */
export const MeasuredSession = z.extend(SessionMetrics, { title: z.string(), agentId: z.nullable(AgentId), agentName: z.string() });
export type MeasuredSession = z.infer<typeof MeasuredSession>;

export const LiveAgent = z.object({
  agentId: AgentId,
  sessionId: z.nullable(SessionId),
  name: z.string(),
  activity: ActivityState,
  /** What it does, or why it does not: the title of the tool in flight, for one. */
  doing: z.string(),
  attention: Attention,
  vitals: Vitals,
});
export type LiveAgent = z.infer<typeof LiveAgent>;

export const LiveProject = z.object({
  projectId: ProjectId,
  name: z.string(),
  usdPerHour: z.nullable(z.number()),
  activity: ActivityState,
  /** Of the agent that needs the person most. */
  attention: Attention,
  worstAgentId: z.nullable(AgentId),
  vitals: Vitals,
  agents: z.array(LiveAgent),
});
export type LiveProject = z.infer<typeof LiveProject>;

const count = z.number();

/** Sums are of those that are known, and null when nothing is. */
export const FleetTotals = z.object({
  running: count,
  idle: count,
  stalled: count,
  inactive: count,
  openApprovals: count,
  usdPerHour: z.nullable(z.number()),
  hourAverageUsd: z.nullable(z.number()),
  /** Of the sessions that the agents are in. */
  costUsd: z.nullable(z.number()),
  tokens: z.nullable(z.number()),
});
export type FleetTotals = z.infer<typeof FleetTotals>;

export const TaskCounts = z.object({ todo: count, progress: count, review: count, done: count, blocked: count, rejected: count });
export type TaskCounts = z.infer<typeof TaskCounts>;

export const LiveMetrics = z.object({
  at: z.number(),
  fleet: FleetTotals,
  projects: z.array(LiveProject),
  /** Over all boards. */
  tasks: TaskCounts,
  /** Those who need the person, the one who needs them most first. */
  attention: z.array(AgentId),
  /** What all agents together have spent today, in each unit, and may. */
  today: z.optional(z.array(Budget)),
  /** What the write-ahead logs of both databases take up now. */
  walBytes: z.optional(z.number()),
});
export type LiveMetrics = z.infer<typeof LiveMetrics>;

export const StorageLevel = z.enum(['fine', 'large', 'critical']);
export type StorageLevel = z.infer<typeof StorageLevel>;

export const StorageKind = z.enum([
  'database',
  'wal',
  'logs',
  'quarantine',
  'backups',
  'archive',
  'agents',
  'worktrees',
  'bundles',
  'imports',
  'runtime',
]);
export type StorageKind = z.infer<typeof StorageKind>;

export const StoragePart = z.object({
  kind: StorageKind,
  /** Its file or folder in the data directory; `worktrees` are beside the projects. */
  name: z.string(),
  bytes: z.number(),
  /** False: there are more files than are counted, so it is at least that large. */
  isWhole: z.boolean(),
  /** From so many bytes on it is large, and critical. */
  largeBytes: z.number(),
  criticalBytes: z.number(),
  level: StorageLevel,
});
export type StoragePart = z.infer<typeof StoragePart>;

export const StorageReport = z.object({
  at: z.number(),
  dataDir: z.string(),
  parts: z.array(StoragePart),
  /** Of the file system that the data directory is on; null where it does not tell. */
  disk: z.nullable(z.object({ freeBytes: z.number(), totalBytes: z.number(), level: StorageLevel })),
});
export type StorageReport = z.infer<typeof StorageReport>;
