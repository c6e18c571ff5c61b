/**
 * `run/health.json`: that the backend's loop turns and its databases can be read, for whoever looks without a
 * connection. Replaced whole at each good round; removed at an orderly end.
 */
import * as z from 'zod/mini';
import { AgentState } from './agent.ts';
import { AgentId } from './ids.ts';

export const HealthFile = z.object({
  /** Epoch milliseconds of the last good round. */
  ts: z.number(),
  /** Seconds. */
  uptime: z.number(),
  pid: z.number(),
  build: z.string(),
  gitSha: z.string(),
  /** Older than that, the backend hangs or is gone. */
  maxAgeSec: z.number(),
  db: z.object({ sessions: z.literal('ok'), btmsg: z.literal('ok') }),
  sidecars: z.array(z.object({ agentId: AgentId, pid: z.number(), state: AgentState, connected: z.boolean() })),
});
export type HealthFile = z.infer<typeof HealthFile>;
