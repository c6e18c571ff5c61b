/** Every notification the backend sends to windows and commands. */
import * as z from 'zod/mini';
import { Agent } from './agent.ts';
import { Approval } from './approval.ts';
import { Health } from './health.ts';
import { AgentId, ProjectId, SessionId } from './ids.ts';
import { Project } from './project.ts';
import { LogLevel } from './requests.ts';
import { SessionChange } from './session.ts';

export const notifications = {
  'project/changed': z.object({ project: Project }),
  'project/removed': z.object({ projectId: ProjectId }),
  'agent/changed': z.object({ agent: Agent }),
  'agent/removed': z.object({ agentId: AgentId }),
  'approval/changed': z.object({ approval: Approval }),
  'health/changed': z.object({ health: Health }),
  /** Only to connections that watch the session; `seq` grows by one. */
  'session/changed': z.object({ sessionId: SessionId, feed: z.string(), seq: z.number(), changes: z.array(SessionChange) }),
  'log/written': z.object({ level: LogLevel, message: z.string() }),
} as const;

export type Notification = keyof typeof notifications;
export type NotificationParams<N extends Notification> = z.infer<(typeof notifications)[N]>;
