/** How full an agent's context window is. Pure. */
import type { Usage } from '../protocol/agent-event.ts';
import { defaultContextTokens } from '../protocol/context-thresholds.ts';

/** As a share of the whole, above 1 when the agent says so; null for an agent that does not tell. */
export function contextPressure(usage: Pick<Usage, 'contextTokens' | 'contextWindowTokens'> | null): number | null {
  if (!usage || usage.contextTokens === null) return null;
  const window = usage.contextWindowTokens;
  return usage.contextTokens / (window !== null && window > 0 ? window : defaultContextTokens);
}
