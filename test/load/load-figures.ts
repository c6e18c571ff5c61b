/** What a load test has measured, and the table of it. Pure but for the list that grows. */
import { quantile } from '../bench/figures.ts';

export class LoadFigures {
  readonly #latenciesMs = new Map<string, number[]>();
  readonly #errors: string[] = [];

  /** How long the step took; the time of one that fails counts in no latency. */
  async measure<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    this.#latenciesMs.set(step, [...(this.#latenciesMs.get(step) ?? []), performance.now() - startedAt]);
    return result;
  }

  error(what: string): void {
    this.#errors.push(what);
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  count(step: string): number {
    return this.#latenciesMs.get(step)?.length ?? 0;
  }

  /** One line for each step, in the order in which they were first taken. */
  table(): string[] {
    const head = `${''.padEnd(nameWidth)}${['count', 'p50 ms', 'p95 ms', 'max ms'].map(column).join('')}`;
    return [head, ...[...this.#latenciesMs].map(([step, latencies]) => row(step, latencies))];
  }
}

const nameWidth = 32;
const column = (text: string) => text.padStart(10);

function row(step: string, latenciesMs: readonly number[]): string {
  const times = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.95), Math.max(...latenciesMs)].map((ms) => ms.toFixed(1));
  return `${step.padEnd(nameWidth)}${[String(latenciesMs.length), ...times].map(column).join('')}`;
}

/** A whole number of at least one, from a variable of the environment. Throws a sentence for what is none. */
export function countOf(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`${name} is "${text}"; a whole number of at least 1 is expected.`);
}
