/** What a person is told of without having asked: kept as a history, and shown by windows and the desktop as each thinks fit. */
import * as z from 'zod/mini';
import { BudgetScope, BudgetUnit, Spent } from './budget.ts';
import { AgentId, ApprovalId, DeadLetterId, ItemId, MessageId, NoticeId, SessionId, TaskId, TeamId } from './ids.ts';

export const NoticeType = z.enum(['success', 'error', 'warning', 'info', 'agent_complete', 'agent_error']);
export type NoticeType = z.infer<typeof NoticeType>;

/** What happened, as facts: whoever shows it words it in the person's language. Names and texts in it are of agents. */
export const NoticeAbout = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('turnFinished'), agent: z.string(), session: z.string() }),
  z.object({
    kind: z.literal('turnFailed'),
    agent: z.string(),
    reason: z.enum(['refused', 'limit', 'failed', 'crashed']),
    /** Empty where nobody knows more. */
    detail: z.string(),
  }),
  z.object({ kind: z.literal('agentFailed'), agent: z.string(), detail: z.string() }),
  z.object({ kind: z.literal('question'), agent: z.string(), question: z.string() }),
  z.object({ kind: z.literal('message'), agent: z.string(), excerpt: z.string(), expectsReply: z.boolean() }),
  z.object({ kind: z.literal('deadLetter'), from: z.string(), to: z.string(), error: z.string() }),
  z.object({ kind: z.literal('taskDone'), number: z.number(), task: z.string(), by: z.string() }),
  /** `agents`: their names, as a sentence names them. */
  z.object({ kind: z.literal('sharedFile'), agents: z.string(), file: z.string() }),
  z.object({ kind: z.literal('problem'), problem: z.string() }),
  z.object({ kind: z.literal('problemGone'), problem: z.string() }),
  z.object({ kind: z.literal('incidentOver'), reason: z.string() }),
  /** `name`: of the agent or project; `spent`: with who says so. */
  z.object({
    kind: z.enum(['budgetNear', 'budgetReached']),
    scope: BudgetScope,
    unit: BudgetUnit,
    name: z.string(),
    limit: z.number(),
    spent: Spent,
  }),
  /** It did the same again and again, or was woken for the same. `calls`: what, as a sentence names it. */
  z.object({ kind: z.enum(['loopStopped', 'wakesHeld']), agent: z.string(), calls: z.string(), times: z.number() }),
  z.object({ kind: z.literal('secretWithheld'), agent: z.string(), secret: z.string() }),
  /** Names of agents, as a sentence names them; `waiting` is empty where all have the new value. */
  z.object({ kind: z.literal('credentialRotated'), secret: z.string(), by: z.string(), told: z.string(), waiting: z.string() }),
  z.object({ kind: z.literal('diskLow'), freeMib: z.number() }),
  /** No backup was tried out for so many days, or ever. */
  z.object({ kind: z.literal('drillDue'), days: z.number(), isFirst: z.boolean() }),
  /** Old messages will leave the database. `date`: as in 2026-11-29. */
  z.object({ kind: z.literal('retentionAhead'), messages: z.number(), days: z.number(), date: z.string() }),
  /** A part of the data directory, as the storage card names it. */
  z.object({ kind: z.literal('storageGrown'), name: z.string(), mib: z.number() }),
]);
export type NoticeAbout = z.infer<typeof NoticeAbout>;

/** Where it leads. `itemId` is null where the session is known and the place in it is not. */
export const NoticePlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('turn'), agentId: AgentId, sessionId: SessionId, itemId: z.nullable(ItemId) }),
  z.object({
    kind: z.literal('question'),
    agentId: AgentId,
    sessionId: SessionId,
    itemId: z.nullable(ItemId),
    approvalId: ApprovalId,
  }),
  z.object({ kind: z.literal('agent'), agentId: AgentId }),
  z.object({ kind: z.literal('message'), agentId: AgentId, messageId: MessageId }),
  z.object({ kind: z.literal('deadLetter'), deadLetterId: DeadLetterId }),
  z.object({ kind: z.literal('task'), teamId: TeamId, taskId: TaskId }),
  z.object({ kind: z.literal('secret'), secret: z.string() }),
  z.object({ kind: z.literal('backend') }),
  z.object({ kind: z.literal('drill') }),
  z.object({ kind: z.literal('storage') }),
  z.object({ kind: z.literal('retention') }),
]);
export type NoticePlace = z.infer<typeof NoticePlace>;

export const Notice = z.object({
  id: NoticeId,
  type: NoticeType,
  about: NoticeAbout,
  place: NoticePlace,
  /** The same in English, for the command line. */
  title: z.string(),
  text: z.string(),
  /** When it happened the last time. */
  at: z.number(),
  /** How often it happened within a short time. */
  count: z.number(),
  isRead: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

/** The newest stay, the others go. */
export const keptNotices = 100;

/** Whether the backend shows notices on the desktop: never, while no window is looked at, or whatever is looked at. */
export const DesktopWish = z.enum(['off', 'away', 'always']);
export type DesktopWish = z.infer<typeof DesktopWish>;

/** What became of it on this machine. */
export const DesktopNotices = z.object({
  state: z.enum(['off', 'untried', 'shown', 'unavailable']),
  /** By which program, or why not; empty where there is nothing to say. */
  detail: z.string(),
});
export type DesktopNotices = z.infer<typeof DesktopNotices>;
