/** Why a manager is woken. */
import * as z from 'zod/mini';
import { AgentId, PromptId, WakeId } from './ids.ts';
import { WakeStrategy } from './team.ts';

export const WakeSignalName = z.enum([
  'AttentionSpike',
  'ContextPressureCluster',
  'BurnRateAnomaly',
  'TaskQueuePressure',
  'ReviewBacklog',
  'PeriodicFloor',
]);
export type WakeSignalName = z.infer<typeof WakeSignalName>;

/** A signal that is on, with what it saw. */
export const WakeSignal = z.object({ name: WakeSignalName, weight: z.number(), detail: z.string() });
export type WakeSignal = z.infer<typeof WakeSignal>;

export const Wake = z.object({
  id: WakeId,
  agentId: AgentId,
  strategy: WakeStrategy,
  /** `pending`: decided and not yet begun by the agent; there is at most one for each. */
  state: z.enum(['pending', 'begun', 'done', 'failed', 'cancelled']),
  /** The highest weight of the signals that are on. */
  score: z.number(),
  signals: z.array(WakeSignal),
  summary: z.string(),
  promptId: PromptId,
  dueAt: z.number(),
  decidedAt: z.number(),
  endedAt: z.nullable(z.number()),
  /** A person asked for it, or it makes up for one that was missed. */
  cause: z.enum(['interval', 'missed', 'person']),
});
export type Wake = z.infer<typeof Wake>;
