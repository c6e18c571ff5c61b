/** A question of an agent that only a person may answer. */
import * as z from 'zod/mini';
import { PermissionRequest } from './agent-event.ts';
import { AgentId, ApprovalId, ProjectId, SessionId } from './ids.ts';

export const ApprovalState = z.enum(['open', 'allowedOnce', 'allowedForSession', 'denied', 'withdrawn']);
export type ApprovalState = z.infer<typeof ApprovalState>;

export const Approval = z.object({
  id: ApprovalId,
  agentId: AgentId,
  projectId: ProjectId,
  sessionId: SessionId,
  request: PermissionRequest,
  /** SHA-256 over `request`: an answer that names another hash is refused, because something else was shown. */
  hash: z.string(),
  state: ApprovalState,
  askedAt: z.number(),
  answeredAt: z.nullable(z.number()),
  /** Which door the answer came through. */
  answeredBy: z.nullable(z.string()),
  /** What the person told the agent with the answer. */
  message: z.optional(z.nullable(z.string())),
});
export type Approval = z.infer<typeof Approval>;
