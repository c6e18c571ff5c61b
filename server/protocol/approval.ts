/** A question of an agent that only a person may answer. */
import * as z from 'zod/mini';
import { PermissionRequest } from './agent-event.ts';
import { FormValues } from './form.ts';
import { AgentId, ApprovalId, ProjectId, RuleId, SessionId } from './ids.ts';

/** `expired`: nobody answered in time, so the agent was told no. `cancelled`: neither yes nor no, of a form. */
export const ApprovalState = z.enum(['open', 'allowedOnce', 'allowedForSession', 'denied', 'withdrawn', 'expired', 'cancelled']);
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
  /** What it may be answered together with: derived from the request alone. */
  kind: z.string(),
  /** The same for people; holds words of the agent. */
  kindLabel: z.string(),
  askedAt: z.number(),
  answeredAt: z.nullable(z.number()),
  /** When it is denied because nobody answered; null: it waits for as long as its agent does. */
  expiresAt: z.nullable(z.number()),
  /** Which door the answer came through; `rule:<id>` and `mode:<mode>` where no person was asked. */
  answeredBy: z.nullable(z.string()),
  /** The rule that answered, or that was made with the answer. */
  rule: z.nullable(RuleId),
  /** Why a person is asked although the agent's mode answers by itself; null where it does not. */
  askedBecause: z.nullable(z.string()),
  /** What the person told the agent with the answer. */
  message: z.optional(z.nullable(z.string())),
  /** What the person filled in. */
  values: z.optional(FormValues),
});
export type Approval = z.infer<typeof Approval>;

/** A rule or a mode answered, by what an approval says of who did. */
export function isWithoutPerson(answeredBy: string | null): boolean {
  return answeredBy !== null && /^(?:rule|mode):/.test(answeredBy);
}
