/**
 * What models cost: the table that the product brings along, and over it the person's `prices.json`. The file is looked at
 * whenever a price is wanted, applied whole or not at all, and never written.
 */
import { fingerprintOf, readPersonFile } from '../base/person-file.ts';
import type { Usage } from '../protocol/agent-event.ts';
import type { ModelPrice, PriceProblem, PriceReport } from '../protocol/prices.ts';
import { builtInPrices } from './built-in.ts';
import { readPrices } from './price-file.ts';
import { pricedUsage } from './priced-usage.ts';

type PricesDeps = { readonly path: string; readonly log: (message: string, fields: Record<string, unknown>) => void };

const maxBytes = 1024 * 1024;

export class Prices {
  readonly #deps: PricesDeps;
  #seen: string | undefined;
  #exists = false;
  #problems: readonly PriceProblem[] = [];
  #table: ReadonlyMap<string, ModelPrice> = tableOf([]);

  constructor(deps: PricesDeps) {
    this.#deps = deps;
  }

  priced(usage: Usage): Usage {
    this.#look();
    return pricedUsage(usage, (model) => this.#table.get(model));
  }

  report(): PriceReport {
    this.#look();
    const prices = [...this.#table.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
    const isInForce = this.#problems.length === 0;
    return { path: this.#deps.path, exists: this.#exists, isInForce, problems: [...this.#problems], prices };
  }

  /** Why the file cannot be used, with its line; undefined when it can. */
  problem(): string | undefined {
    const { path, problems } = this.report();
    const [first] = problems;
    return first && `${path}, line ${first.line + 1}: ${first.message} The prices that were in force before stay.`;
  }

  #look(): void {
    const fingerprint = fingerprintOf(this.#deps.path);
    if (fingerprint === this.#seen) return;
    this.#seen = fingerprint;
    const text = readPersonFile(this.#deps.path, maxBytes);
    this.#exists = text !== undefined;
    if (text === undefined) return this.#apply([]);
    const { prices, problems } = text instanceof Error ? { prices: null, problems: [atStart(text.message)] } : readPrices(text);
    if (prices !== null) return this.#apply(prices);
    this.#problems = problems;
    this.#deps.log('prices.json was not applied', { path: this.#deps.path, problems });
  }

  #apply(own: readonly ModelPrice[]): void {
    this.#problems = [];
    this.#table = tableOf(own);
  }
}

function tableOf(own: readonly ModelPrice[]): ReadonlyMap<string, ModelPrice> {
  return new Map([...builtInPrices, ...own].map((price) => [price.model, price]));
}

function atStart(message: string): PriceProblem {
  return { line: 0, column: 0, message };
}
