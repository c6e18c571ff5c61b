/**
 * What an agent does, in one union whatever its vendor. Adapters make these, the sidecar numbers and keeps them,
 * the backend turns them into transcript items.
 */
import * as z from 'zod/mini';
import { Form } from './form.ts';
import { ApprovalId, ItemId, MessageId, PromptId, TurnId } from './ids.ts';
import { DeliveredBy } from './message.ts';
import { SandboxState } from './sandbox.ts';
import { Withheld } from './secret.ts';
import { ProgramDecision, ResourceFence } from './supervision.ts';

/** `content` of a tool call. A diff with `oldText: null` makes a new file. */
export const ToolContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('diff'), path: z.string(), oldText: z.nullable(z.string()), newText: z.string() }),
]);
export type ToolContent = z.infer<typeof ToolContent>;

export const ToolKind = z.enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'other']);
export type ToolKind = z.infer<typeof ToolKind>;

export const ToolStatus = z.enum(['pending', 'running', 'ok', 'failed', 'denied', 'interrupted']);
export type ToolStatus = z.infer<typeof ToolStatus>;

/** What one model used of a session's tokens. An empty name: the agent did not tell which. */
export const ModelTokens = z.object({
  model: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
});
export type ModelTokens = z.infer<typeof ModelTokens>;

/** Who says what a session cost: its agent, or a price table, with the day of the oldest price that was used. */
export const CostSource = z.discriminatedUnion('by', [
  z.object({ by: z.literal('agent') }),
  z.object({ by: z.literal('prices'), dated: z.string(), own: z.boolean() }),
]);
export type CostSource = z.infer<typeof CostSource>;

/** Totals of the session so far, never of one turn; `null` where the agent does not tell. */
export const Usage = z.object({
  inputTokens: z.nullable(z.number()),
  outputTokens: z.nullable(z.number()),
  cacheReadTokens: z.nullable(z.number()),
  cacheWriteTokens: z.nullable(z.number()),
  /** Tokens in the context window now, and its size. */
  contextTokens: z.nullable(z.number()),
  contextWindowTokens: z.nullable(z.number()),
  costUsd: z.nullable(z.number()),
  /** Of an agent that tells tokens and no cost. */
  byModel: z.optional(z.array(ModelTokens)),
  /** Absent while the cost is unknown. */
  costSource: z.optional(CostSource),
  /** Why the cost is unknown: no table has a price for these models. */
  unpriced: z.optional(z.array(z.string())),
});
export type Usage = z.infer<typeof Usage>;

/** The six classes; `unknown` keeps the original text as message. */
export const FailureType = z.enum(['rate_limit', 'auth', 'quota', 'overloaded', 'network', 'unknown']);
export const Failure = z.object({
  type: FailureType,
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.optional(z.number()),
  /** Of `auth`: the key or login has expired, or is good and has no right to what was asked for. */
  because: z.optional(z.enum(['expired', 'forbidden'])),
});
export type Failure = z.infer<typeof Failure>;

export const TurnEndReason = z.enum([
  'completed',
  'interrupted', // Stopped by the person.
  'refused', // The model would not go on.
  'limit', // Turn, token or budget limit of the agent.
  'failed', // Ended with an error.
  'crashed', // The program or its sidecar went away in mid-turn.
]);
export type TurnEndReason = z.infer<typeof TurnEndReason>;

/** `cancel`: neither yes nor no, where the agent takes that for an answer; only forms have it. */
export const Decision = z.enum(['allowOnce', 'allowSession', 'deny', 'cancel']);
export type Decision = z.infer<typeof Decision>;

export const PlanEntry = z.object({ text: z.string(), status: z.enum(['pending', 'running', 'done']) });
export type PlanEntry = z.infer<typeof PlanEntry>;

export const NoticeLevel = z.enum(['info', 'warning', 'error']);

/** What a person is asked to allow: exactly this is shown, and `approval.hash` is over it. */
export const PermissionRequest = z.object({
  title: z.string(),
  toolName: z.string(),
  toolKind: ToolKind,
  /** The shell command, where there is one. */
  command: z.nullable(z.string()),
  cwd: z.nullable(z.string()),
  /**
   * The real file that the command's first word is, by the agent's PATH and folder, where it is a plain command; null where
   * a shell would decide, and for questions that are older than this.
   */
  resolved: z._default(z.nullable(z.string()), null),
  content: z.array(ToolContent),
  reason: z.nullable(z.string()),
  decisions: z.array(Decision),
  /** What it asks for besides a yes: `allowOnce` is then an answer only with values for it. */
  form: z.optional(Form),
});
export type PermissionRequest = z.infer<typeof PermissionRequest>;

export const AgentEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('sessionOpened'),
    providerSessionId: z.string(),
    resumed: z.boolean(),
    model: z.nullable(z.string()),
    programVersion: z.nullable(z.string()),
  }),
  /** `promptIds` is empty for a turn that the agent began by itself (a background task that came back). */
  z.object({ type: z.literal('turnStarted'), turnId: TurnId, promptIds: z.array(PromptId) }),
  /** Prompts that were given into the turn that runs: they are part of it, and are never given again. */
  z.object({ type: z.literal('promptJoined'), turnId: TurnId, promptIds: z.array(PromptId) }),
  /** `offset` counts UTF-16 units from the block's start, so that a part that arrives twice is kept once. */
  z.object({ type: z.literal('text'), itemId: ItemId, offset: z.number(), text: z.string() }),
  z.object({ type: z.literal('thinking'), itemId: ItemId, offset: z.number(), text: z.string() }),
  z.object({ type: z.literal('blockEnded'), itemId: ItemId }),
  z.object({
    type: z.literal('toolStarted'),
    itemId: ItemId,
    /** The tool call this one belongs to (a subagent's). */
    parentItemId: z.nullable(ItemId),
    name: z.string(),
    title: z.string(),
    kind: ToolKind,
    /** The tool's input as the agent gave it. */
    input: z.unknown(),
    content: z.array(ToolContent),
  }),
  /** Fields that are absent stay as they were; `content` replaces. */
  z.object({
    type: z.literal('toolProgressed'),
    itemId: ItemId,
    title: z.optional(z.string()),
    input: z.optional(z.unknown()),
    content: z.optional(z.array(ToolContent)),
    status: z.optional(ToolStatus),
  }),
  z.object({ type: z.literal('toolEnded'), itemId: ItemId, status: ToolStatus, content: z.optional(z.array(ToolContent)) }),
  z.object({
    type: z.literal('permissionAsked'),
    approvalId: ApprovalId,
    toolItemId: z.nullable(ItemId),
    request: PermissionRequest,
  }),
  /** The agent no longer waits for an answer. */
  z.object({ type: z.literal('permissionWithdrawn'), approvalId: ApprovalId, reason: z.string() }),
  z.object({ type: z.literal('plan'), entries: z.array(PlanEntry) }),
  z.object({ type: z.literal('usage'), usage: Usage }),
  z.object({
    type: z.literal('retry'),
    attempt: z.number(),
    maxAttempts: z.nullable(z.number()),
    delayMs: z.number(),
    failure: Failure,
  }),
  /** The program was started inside this fence. */
  z.object({ type: z.literal('fenced'), sandbox: SandboxState, resources: ResourceFence }),
  /** The program ended by itself, and this is what is done about it. */
  z.object({
    type: z.literal('programEnded'),
    decision: ProgramDecision,
    detail: z.string(),
    /** How often it ended so lately, this time included. */
    recentExits: z.number(),
    delayMs: z.nullable(z.number()),
  }),
  /** The program broke a bound or its own protocol; what it said was dropped, and the run goes on. */
  z.object({
    type: z.literal('protocolError'),
    problem: z.enum(['oversizeLine', 'badFrame', 'binary']),
    /** Of the line in what the program wrote so far. */
    offset: z.number(),
    bytes: z.number(),
    /** How many lines this event stands for: a flood is told once a second. */
    count: z.number(),
    detail: z.string(),
  }),
  /** A file that the host runs or trusts was changed in the project while a turn ran. */
  z.object({
    type: z.literal('protectedChanged'),
    changes: z.array(z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']), restored: z.boolean() })),
  }),
  /** A hook of the program failed, as it says itself. */
  z.object({ type: z.literal('hookFailed'), hook: z.string(), detail: z.string() }),
  /** Secrets were taken out of what the agent said, since this was told the last time. */
  z.object({ type: z.literal('secretWithheld'), withheld: z.array(Withheld) }),
  z.object({ type: z.literal('notice'), level: NoticeLevel, text: z.string() }),
  /**
   * Messages were handed to the program, or it was held to what it owes (then there are none). `text`: what it was given,
   * where that is not the prompt of the turn itself.
   */
  z.object({ type: z.literal('mailGiven'), messageIds: z.array(MessageId), by: DeliveredBy, text: z.string() }),
  /** The program has shown that it has them. */
  z.object({ type: z.literal('mailSeen'), messageIds: z.array(MessageId) }),
  /** The agent wrote a message while no backend was there; `params` are those of `message/send` or `message/reply`. */
  z.object({
    type: z.literal('messageQueued'),
    messageId: MessageId,
    method: z.enum(['message/send', 'message/reply']),
    params: z.unknown(),
  }),
  z.object({
    type: z.literal('turnEnded'),
    turnId: TurnId,
    reason: TurnEndReason,
    failure: z.nullable(Failure),
  }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;

/** What an adapter can tell and do; the UI shows what is missing rather than inventing it. */
export const Capabilities = z.object({
  cost: z.boolean(),
  tokens: z.boolean(),
  hooks: z.boolean(),
  resume: z.boolean(),
  /** Takes a prompt while a turn runs. */
  steer: z.boolean(),
  retryEvents: z.boolean(),
  typedErrors: z.boolean(),
  modelChoice: z.boolean(),
  /** False: it is in a mode in which it does not ask before it acts. Absent: that is not known. */
  asks: z.optional(z.boolean()),
});
export type Capabilities = z.infer<typeof Capabilities>;
