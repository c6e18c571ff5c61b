/** A session (one conversation), the items of its transcript, and how changes to it travel. */
import * as z from 'zod/mini';
import {
  Failure,
  NoticeLevel,
  PermissionRequest,
  PlanEntry,
  ToolContent,
  ToolKind,
  ToolStatus,
  TurnEndReason,
  Usage,
} from './agent-event.ts';
import { ApprovalState } from './approval.ts';
import { FormValues } from './form.ts';
import { AgentId, ApprovalId, ItemId, MessageId, ProjectId, PromptId, SessionId, TurnId } from './ids.ts';
import { DeliveredBy } from './message.ts';
import { RestartDecision } from './supervision.ts';

/** Items of a session that left the database for archives. */
export const ArchivedItems = z.object({
  items: z.number(),
  /** When the first and the last of them happened. */
  firstAt: z.number(),
  lastAt: z.number(),
  /** The last place of one of them. */
  upToOrdinal: z.number(),
  /** When the last of them went. */
  archivedAt: z.number(),
  /** Files in the folder of archives, the oldest first. */
  archives: z.array(z.string()),
});
export type ArchivedItems = z.infer<typeof ArchivedItems>;

export const Session = z.object({
  id: SessionId,
  agentId: AgentId,
  projectId: ProjectId,
  /** The first line of the first prompt, shortened; empty until there is one. */
  title: z.string(),
  providerSessionId: z.nullable(z.string()),
  model: z.nullable(z.string()),
  usage: z.nullable(Usage),
  /** All that there ever were, with those in archives. */
  itemCount: z.number(),
  turnCount: z.number(),
  createdAt: z.number(),
  lastActiveAt: z.number(),
  /** Only where there are any. */
  archived: z.optional(ArchivedItems),
});
export type Session = z.infer<typeof Session>;

const common = {
  id: ItemId,
  turnId: z.nullable(TurnId),
  /** Position in the transcript; grows by at least one, never reused. */
  ordinal: z.number(),
  at: z.number(),
};

/** `queued`: waits for its turn; `sent`: a turn runs it or ran it; `dropped`: taken back, or the agent was removed. */
export const PromptState = z.enum(['queued', 'sent', 'dropped']);
export type PromptState = z.infer<typeof PromptState>;

/** Who began it: the person, messages that wait for the agent, or the wake scheduler. */
export const PromptOrigin = z.enum(['person', 'mail', 'wake']);
export type PromptOrigin = z.infer<typeof PromptOrigin>;

/** What an agent that tries again tells: the countdown goes to `until`, in epoch milliseconds. */
export const RetryWait = z.object({
  attempt: z.number(),
  maxAttempts: z.nullable(z.number()),
  until: z.number(),
  failure: Failure,
  /** The turn went on, or ended. */
  isOver: z.boolean(),
});
export type RetryWait = z.infer<typeof RetryWait>;

export const Item = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('prompt'),
    promptId: PromptId,
    text: z.string(),
    state: PromptState,
    /** The person's unless it says otherwise. */
    origin: z.optional(PromptOrigin),
  }),
  /** Messages that the agent was given beside its prompt, or at the end of its turn. */
  z.object({ ...common, kind: z.literal('mail'), messageIds: z.array(MessageId), by: DeliveredBy, text: z.string() }),
  /** `complete: false` while it streams; `interrupted` when it was cut. */
  z.object({ ...common, kind: z.enum(['text', 'thinking']), text: z.string(), complete: z.boolean(), interrupted: z.boolean() }),
  z.object({
    ...common,
    kind: z.literal('tool'),
    parentItemId: z.nullable(ItemId),
    name: z.string(),
    title: z.string(),
    toolKind: ToolKind,
    input: z.unknown(),
    status: ToolStatus,
    content: z.array(ToolContent),
    /** Characters of output that were cut off at the limit. */
    omittedChars: z.number(),
    endedAt: z.nullable(z.number()),
  }),
  z.object({
    ...common,
    kind: z.literal('permission'),
    approvalId: ApprovalId,
    toolItemId: z.nullable(ItemId),
    request: PermissionRequest,
    hash: z.string(),
    state: ApprovalState,
    answeredBy: z.nullable(z.string()),
    answeredAt: z.nullable(z.number()),
    values: z.optional(FormValues),
  }),
  z.object({ ...common, kind: z.literal('plan'), entries: z.array(PlanEntry) }),
  z.object({
    ...common,
    kind: z.literal('notice'),
    level: NoticeLevel,
    text: z.string(),
    retry: z.optional(RetryWait),
    restart: z.optional(RestartDecision),
    /** The hook of the program that failed. */
    hook: z.optional(z.string()),
  }),
  z.object({
    ...common,
    kind: z.literal('turnEnd'),
    reason: TurnEndReason,
    failure: z.nullable(Failure),
    durationMs: z.number(),
    usage: z.nullable(Usage),
  }),
]);
export type Item = z.infer<typeof Item>;
export type ItemKind = Item['kind'];

/**
 * One step of a session's view. `append` adds `text` at `offset` of a text or thinking item; where the item already has
 * more, only the rest counts.
 */
export const SessionChange = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), item: Item }),
  z.object({ op: z.literal('append'), itemId: ItemId, offset: z.number(), text: z.string() }),
  z.object({ op: z.literal('session'), session: Session }),
]);
export type SessionChange = z.infer<typeof SessionChange>;

/** `feed` names one life of the backend's feed; another one, or a gap in `seq`, asks for a new snapshot. */
export const SessionSnapshot = z.object({
  session: Session,
  feed: z.string(),
  seq: z.number(),
  /** The newest items, oldest first; earlier ones come by `session/items`. */
  items: z.array(Item),
  hasEarlier: z.boolean(),
  /** The turn that runs now, if any. */
  runningTurnId: z.nullable(TurnId),
});
export type SessionSnapshot = z.infer<typeof SessionSnapshot>;
