/** Who works together: roles, teams, and what everyone may know of a teammate. */
import * as z from 'zod/mini';
import { ActivityState, Attention, Vitals } from './attention.ts';
import { AgentId, PartyId, ProjectId, TeamId } from './ids.ts';

/** `admin` is the person at the keyboard, and no agent's. */
export const Role = z.enum(['admin', 'manager', 'architect', 'tester', 'reviewer', 'project']);
export type Role = z.infer<typeof Role>;
export const AgentRole = z.enum(['manager', 'architect', 'tester', 'reviewer', 'project']);
export type AgentRole = z.infer<typeof AgentRole>;

/** 0 the person, 1 those who lead and check, 2 those who work in a project. */
export const Tier = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export type Tier = z.infer<typeof Tier>;

export const WakeStrategy = z.enum([
  'persistent', // Stays up and is refreshed in its session; skipped while a turn runs.
  'on-demand', // A fresh session at every interval.
  'smart', // A fresh session, and only when the score reaches the threshold.
]);
export type WakeStrategy = z.infer<typeof WakeStrategy>;

export const AutonomousMode = z.enum(['restricted', 'autonomous']);
export type AutonomousMode = z.infer<typeof AutonomousMode>;

/** Someone who writes or is written to, by the name that others know them by. */
export const Party = z.object({ id: PartyId, name: z.string() });
export type Party = z.infer<typeof Party>;

/** What the person is called where agents are named. */
export const personWords = ['person', 'you', 'me', 'admin', 'operator'] as const;

/** Names that mean somebody else already, or nobody, so that no agent can pass for them. */
const reservedNames: ReadonlySet<string> = new Set([...personWords, 'assistant', 'system', 'backend', 'all', 'none']);

/** What is not seen in a name, or turns it round: by it two names look the same. What belongs to a picture is seen. */
const unseenInName =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)[\u200d\ufe0f]|(?![\u200d\ufe0f])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Why no agent can have that name, as a sentence; null when one can. */
export function agentNameFault(name: string): string | null {
  if (name.includes('/')) return `An agent's name may not contain "/"; "${name}" does.`;
  if (name.startsWith('#')) return `"${name}" would be a channel. Choose a name without "#" at its beginning.`;
  if (unseenInName.test(name)) return 'The name holds characters that nobody sees. Choose one of those that are seen.';
  if (reservedNames.has(name.normalize('NFKC').trim().toLowerCase())) return `"${name}" means somebody else already. Choose another name.`;
  return null;
}

/** What an agent is in its team; one that nobody gave a role is a `project` agent of tier 2. */
export const AgentProfile = z.object({
  agentId: AgentId,
  role: AgentRole,
  tier: Tier,
  teamId: TeamId,
  /** Its id in `groups.json`; null for an agent that the file does not declare. */
  memberKey: z.nullable(z.string()),
  description: z.string(),
  systemPrompt: z.string(),
  /** Null: never woken by the scheduler. */
  wakeStrategy: z.nullable(WakeStrategy),
  wakeIntervalMin: z.number(),
  /** 0 to 1. */
  wakeThreshold: z.number(),
  stallThresholdMin: z.number(),
  autonomousMode: AutonomousMode,
  /** An agent that `groups.json` disables is neither woken nor given mail. */
  enabled: z.boolean(),
});
export type AgentProfile = z.infer<typeof AgentProfile>;

export const Team = z.object({
  id: TeamId,
  name: z.string(),
  /** `group`: declared in `groups.json`. `project`: the agents of one project that belong to no group. */
  kind: z.enum(['group', 'project']),
  projectIds: z.array(ProjectId),
});
export type Team = z.infer<typeof Team>;

/** One agent as its team and the person see it, beside what `Agent` says. */
export const Teammate = z.object({
  agentId: AgentId,
  role: AgentRole,
  tier: Tier,
  teamId: TeamId,
  /** Messages that wait for it, and messages that it owes a reply to. */
  unread: z.number(),
  owed: z.number(),
  activity: ActivityState,
  attention: Attention,
  vitals: Vitals,
  /** Null: never heard from. */
  lastHeartbeatAt: z.nullable(z.number()),
  nextWakeAt: z.nullable(z.number()),
});
export type Teammate = z.infer<typeof Teammate>;

/** A fault of `groups.json`, with its place counted from 0, as editors do. */
export const GroupProblem = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  line: z.number(),
  column: z.number(),
  endLine: z.number(),
  endColumn: z.number(),
});
export type GroupProblem = z.infer<typeof GroupProblem>;

export const GroupReport = z.object({
  path: z.string(),
  exists: z.boolean(),
  /** Whether what is in force is what the file says now. */
  isInForce: z.boolean(),
  appliedAt: z.nullable(z.number()),
  problems: z.array(GroupProblem),
  /** What the last application did, one phrase each; empty when it changed nothing. */
  changes: z.array(z.string()),
});
export type GroupReport = z.infer<typeof GroupReport>;
