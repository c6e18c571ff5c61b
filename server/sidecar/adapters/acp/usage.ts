/** The session's usage as an ACP agent tells it: the context with each update, tokens with the answer to each prompt. */
import type { Usage } from '../../../protocol/agent-event.ts';
import type { AcpUpdate, PromptUsage } from './acp-update.ts';

type UsageUpdate = Extract<AcpUpdate, { sessionUpdate: 'usage_update' }>;

export const noUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  contextTokens: null,
  contextWindowTokens: null,
  costUsd: null,
};

/** The cost is the session's total already, of which a program that was killed may have forgotten some; other currencies, and credits, are no dollars. */
export function withContext(usage: Usage, update: UsageUpdate): Usage {
  const costUsd = update.cost?.currency === 'USD' ? Math.max(update.cost.amount, usage.costUsd ?? 0) : usage.costUsd;
  return { ...usage, contextTokens: update.used, contextWindowTokens: update.size, costUsd };
}

export function withPrompt(usage: Usage, prompt: PromptUsage): Usage {
  return {
    ...usage,
    inputTokens: sum(usage.inputTokens, prompt.inputTokens),
    outputTokens: sum(usage.outputTokens, prompt.outputTokens),
    cacheReadTokens: sum(usage.cacheReadTokens, prompt.cachedReadTokens),
    cacheWriteTokens: sum(usage.cacheWriteTokens, prompt.cachedWriteTokens),
  };
}

function sum(total: number | null, more: number | null | undefined): number | null {
  return more === null || more === undefined ? total : (total ?? 0) + more;
}
