/** The tries that codex-acp makes by itself: it tells of them beside the protocol, which has no place for them. Pure. */
import * as z from 'zod/mini';
import type { AgentEvent } from '../../../protocol/agent-event.ts';
import { retryOf } from '../codex/failures.ts';
import { TurnError } from '../codex/messages.ts';

const Told = z.object({
  sessionId: z.string(),
  update: z.object({
    sessionUpdate: z.literal('session_info_update'),
    _meta: z.object({ codex: z.object({ error: z.extend(TurnError, { willRetry: z.literal(true) }) }) }),
  }),
});

/** Null for an update that tells of none. */
export function toldRetry(params: unknown, sessionId: string, attemptsBefore: number): Extract<AgentEvent, { type: 'retry' }> | null {
  const told = Told.safeParse(params);
  if (!told.success || told.data.sessionId !== sessionId) return null;
  return retryOf(told.data.update._meta.codex.error, attemptsBefore);
}
