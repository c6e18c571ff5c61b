/** What a person is told of without having asked: kept as a history, and shown by windows as each thinks fit. */
import * as z from 'zod/mini';
import { AgentId, NoticeId, ProjectId, SessionId } from './ids.ts';

export const NoticeType = z.enum(['success', 'error', 'warning', 'info', 'agent_complete', 'agent_error']);
export type NoticeType = z.infer<typeof NoticeType>;

/** What it is about decides where it leads: a session, an agent, its question, the dead letters, the health of the backend. */
export const NoticeSubject = z.enum(['turn', 'agent', 'question', 'deadLetter', 'backend']);
export type NoticeSubject = z.infer<typeof NoticeSubject>;

export const Notice = z.object({
  id: NoticeId,
  type: NoticeType,
  subject: NoticeSubject,
  title: z.string(),
  text: z.string(),
  /** When it happened the last time. */
  at: z.number(),
  /** How often it happened within a short time. */
  count: z.number(),
  isRead: z.boolean(),
  projectId: z.nullable(ProjectId),
  agentId: z.nullable(AgentId),
  sessionId: z.nullable(SessionId),
});
export type Notice = z.infer<typeof Notice>;

/** The newest stay, the others go. */
export const keptNotices = 100;
