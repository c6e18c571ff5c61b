/**
 * Prices that the product brings along: OpenAI's list prices of the models that Codex offers, for standard processing of
 * prompts up to 272,000 tokens. What no source named for certain is not here, and then the cost is unknown.
 */
import type { ModelPrice } from '../protocol/prices.ts';

const dated = '2026-10-27';

type Row = readonly [model: string, input: number, cachedInput: number, cacheWrite: number, output: number];

const rows: readonly Row[] = [
  ['gpt-6.1-sol', 2, 0.1, 2.5, 10],
  ['gpt-6.1-terra', 1, 0.05, 1.25, 5],
  ['gpt-6-astra', 10, 1, 12.5, 50],
  ['gpt-6-sol', 2, 0.2, 2.5, 10],
  ['gpt-6-luna', 0.1, 0.01, 0.125, 0.5],
  ['gpt-5.6-terra', 2, 0.2, 2.5, 12],
  ['gpt-5.6-luna', 0.2, 0.02, 0.25, 1.2],
];

export const builtInPrices: readonly ModelPrice[] = rows.map(([model, input, cachedInput, cacheWrite, output]) => ({
  ...{ model, input, cachedInput, cacheWrite, output },
  ...{ dated, own: false },
}));
