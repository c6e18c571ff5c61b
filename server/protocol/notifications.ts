/** Every notification the backend sends to windows and commands. */
import * as z from 'zod/mini';
import { Agent } from './agent.ts';
import { Approval } from './approval.ts';
import { Health } from './health.ts';
import { AgentId, NoticeId, ProjectId, SessionId, TaskId, TeamId } from './ids.ts';
import { DeadLetter, Message } from './message.ts';
import { Notice } from './notice.ts';
import { Project } from './project.ts';
import { LogLevel } from './requests.ts';
import { Rule } from './rule.ts';
import { HeldItem } from './screening.ts';
import { SessionChange } from './session.ts';
import { Task } from './task.ts';
import { AgentProfile, GroupReport, Team, Teammate } from './team.ts';
import { Wake } from './wake.ts';

export const notifications = {
  'project/changed': z.object({ project: Project }),
  'project/removed': z.object({ projectId: ProjectId }),
  'agent/changed': z.object({ agent: Agent }),
  'agent/removed': z.object({ agentId: AgentId }),
  'approval/changed': z.object({ approval: Approval }),
  /** One was made, used or removed, or is over. */
  'rule/changed': z.object({ rule: Rule, isRemoved: z.boolean() }),
  'health/changed': z.object({ health: Health }),
  /** Only to connections that watch the session; `seq` grows by one. */
  'session/changed': z.object({ sessionId: SessionId, feed: z.string(), seq: z.number(), changes: z.array(SessionChange) }),
  /** New, or one of its deliveries has moved on. */
  'message/changed': z.object({ message: Message }),
  'task/changed': z.object({ task: Task }),
  'task/removed': z.object({ taskId: TaskId, teamId: TeamId }),
  /** Only what changed; those that are absent stay. */
  'team/changed': z.object({ teams: z.optional(z.array(Team)), profiles: z.array(AgentProfile), teammates: z.array(Teammate) }),
  'group/changed': z.object({ report: GroupReport }),
  'wake/changed': z.object({ wake: Wake }),
  /** All that wait for a person now. */
  'screening/changed': z.object({ items: z.array(HeldItem) }),
  'deadLetter/changed': z.object({ deadLetter: DeadLetter }),
  /** While a new index is made: how much of what there is. */
  'search/progressed': z.object({ indexed: z.number(), total: z.number() }),
  /** Rows were added to the audit log, up to this one; told now and then, whatever their number. Only to the person's own windows and commands. */
  'audit/appended': z.object({ seq: z.number() }),
  /** How far a check of the whole audit log is, which somebody asked for. */
  'audit/verifying': z.object({ read: z.number(), of: z.number() }),
  /** `notices` are new, have happened again or were read; `raised` are the news among them. After `isCleared` no others are left. */
  'notice/changed': z.object({ notices: z.array(Notice), raised: z.array(NoticeId), isCleared: z.boolean(), unread: z.number() }),
  /** One was made, or could not be. */
  'backup/changed': z.object({}),
  /** How far the copy of one that is being made is; what comes behind it, the check, is told by its end. */
  'backup/progressed': z.object({ work: z.enum(['create', 'verify', 'drill', 'restore']), doneBytes: z.number(), totalBytes: z.number() }),
  /** One was made, merged, removed or restored, or other files are touched by several. */
  'worktree/changed': z.object({}),
  'log/written': z.object({ level: LogLevel, message: z.string() }),
} as const;

export type Notification = keyof typeof notifications;
export type NotificationParams<N extends Notification> = z.infer<(typeof notifications)[N]>;
