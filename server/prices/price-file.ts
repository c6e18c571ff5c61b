/** The text of `prices.json` as prices, or what is wrong with it, each fault with its place. Pure. */
import { findNodeAtLocation, type Node as JsonNode, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod/mini';
import type { ModelPrice, PriceProblem } from '../protocol/prices.ts';

export type PriceText = { readonly prices: readonly ModelPrice[] | null; readonly problems: readonly PriceProblem[] };

/** Dearer than any model ever was: more likely a price for another number of tokens. */
const mostUsd = 10_000;
const mostProblems = 20;
const mostModels = 1_000;
const emptyText = 'The file is empty. { "version": 1, "dated": "2026-11-20", "models": {} } is the least it can hold.';

const amount = `a number of US dollars for a million tokens is expected, from 0 to ${mostUsd}`;
const usd = z.number(amount).check(z.minimum(0, amount), z.maximum(mostUsd, amount));
const Price = z.strictObject({ input: usd, output: usd, cachedInput: z.optional(usd), cacheWrite: z.optional(usd) }, { error: fieldsText });
const day = 'the day of the prices is expected, as "2026-11-20"';
const PriceFile = z.strictObject(
  {
    version: z.literal(1, '1 is expected'),
    dated: z.string(day).check(z.refine(isDay, day)),
    models: z.record(z.string(), Price, 'an object with a price for each model is expected'),
  },
  'an object with "version", "dated" and "models" is expected',
);

/** Comments and commas behind the last entry are fine. */
export function readPrices(text: string): PriceText {
  if (text.trim() === '') return refused(problem(text, 0, emptyText));
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return refused(problem(text, error.offset, `This is no JSON: ${wordsOf(printParseErrorCode(error.error))}.`));
  if (!root) return refused(problem(text, 0, emptyText));
  const twice = repeatedKey(root);
  if (twice) return refused(problem(text, twice.offset, `${JSON.stringify(twice.value)} stands here twice. Keep one of them.`));
  const parsed = z.safeParse(PriceFile, plainValue(root));
  if (!parsed.success) return refused(...parsed.error.issues.slice(0, mostProblems).map((issue) => formProblem(text, root, issue)));
  const { dated, models } = parsed.data;
  const entries = Object.entries(models);
  if (entries.length > mostModels) return refused(problem(text, 0, `At most ${mostModels} models are possible.`));
  const prices = entries.map(([model, { input, output, cachedInput = null, cacheWrite = null }]) => ({
    ...{ model, input, output, cachedInput, cacheWrite },
    ...{ dated, own: true },
  }));
  return { prices, problems: [] };
}

function refused(...problems: PriceProblem[]): PriceText {
  return { prices: null, problems };
}

function fieldsText(): string {
  return '"input" and "output" are expected, and where they are known "cachedInput" and "cacheWrite"';
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** At the value, or where it is missing at what should hold it. */
function formProblem(text: string, root: JsonNode, { path: keys, message }: Issue): PriceProblem {
  // JSON has no other keys.
  const path = keys.filter((key) => typeof key !== 'symbol');
  let node: JsonNode | undefined;
  for (let length = path.length; length >= 0 && !node; length -= 1) node = findNodeAtLocation(root, path.slice(0, length));
  const name = path.length === 0 ? '' : `${path.map((key) => JSON.stringify(key)).join(' › ')}: `;
  return problem(text, node?.offset ?? 0, `${name}${message}.`);
}

/** Without prototypes that a text could reach. */
function plainValue(node: JsonNode): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries((node.children ?? []).map(({ children: [key, value] = [] }) => [key?.value, value && plainValue(value)]));
}

/** Of two, one would win without a word. */
function repeatedKey(node: JsonNode): JsonNode | undefined {
  const keys = node.type === 'object' ? (node.children ?? []).flatMap(({ children: [key] = [] }) => key ?? []) : [];
  const own = keys.find((key, index) => keys.findIndex((other) => other.value === key.value) !== index);
  if (own) return own;
  for (const child of node.children ?? []) {
    const found = repeatedKey(child);
    if (found) return found;
  }
  return undefined;
}

function problem(text: string, offset: number, message: string): PriceProblem {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0, message };
}

function wordsOf(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
