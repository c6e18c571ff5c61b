/** What a session cost, and who says so. A model without a price makes the whole unknown: a part is no cost. Pure. */
import type { ModelTokens, Usage } from '../protocol/agent-event.ts';
import type { ModelPrice } from '../protocol/prices.ts';

const perTokens = 1_000_000;

export function pricedUsage(usage: Usage, priceOf: (model: string) => ModelPrice | undefined): Usage {
  if (usage.costUsd !== null) return { ...usage, costSource: { by: 'agent' } };
  if (!usage.byModel || usage.byModel.length === 0) return usage;
  const costs = usage.byModel.map((tokens) => costOf(tokens, priceOf(tokens.model)));
  const unpriced = usage.byModel.filter((_, index) => costs[index] === null).map(({ model }) => model);
  if (unpriced.length > 0) return { ...usage, unpriced };
  const used = usage.byModel.flatMap(({ model }) => priceOf(model) ?? []);
  const dated = used.map((price) => price.dated).sort()[0] ?? '';
  const costUsd = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return { ...usage, costUsd, costSource: { by: 'prices', dated, own: used.some(({ own }) => own) } };
}

/** Null where a price is missing for tokens that were used. */
function costOf(tokens: ModelTokens, price: ModelPrice | undefined): number | null {
  if (!price) return null;
  const parts: readonly (readonly [number, number | null])[] = [
    [tokens.inputTokens, price.input],
    [tokens.outputTokens, price.output],
    [tokens.cacheReadTokens, price.cachedInput],
    [tokens.cacheWriteTokens, price.cacheWrite],
  ];
  let cost = 0;
  for (const [count, usd] of parts) {
    if (count > 0 && usd === null) return null;
    cost += (count * (usd ?? 0)) / perTokens;
  }
  return cost;
}
