/** What one agent has spent lately: in the last minutes, and in each five minutes of the last hour. */
import { burnRateUsdPerHour, burnWindowMs, type CostSample, neededSamples, spentUsd } from './burn-rate.ts';

const partsPerHour = 12;
/** Of less than a quarter of an hour there is no average that says anything. */
const leastParts = 3;

export class BurnMeter {
  #samples: CostSample[] = [];
  /** USD by the number of the five minutes; those of which nothing is kept are 0. */
  readonly #parts = new Map<number, number>();
  #firstPart: number | undefined;
  /** A session that was seen before it had cost anything. */
  #fresh: { readonly sessionId: string; readonly at: number } | undefined;

  /** `costUsd`: the session's total; null while nobody knows it. */
  see(sessionId: string, costUsd: number | null, at: number): void {
    if (costUsd === null) {
      if (!this.#samples.some((sample) => sample.sessionId === sessionId)) this.#fresh = { sessionId, at };
      return;
    }
    this.#beginAtNothing(sessionId);
    this.#add({ at, sessionId, costUsd });
  }

  usdPerHour(now: number): number | null {
    return burnRateUsdPerHour(this.#samples, now);
  }

  /** Over the whole five minutes before this one, twelve at most; null while too few are known. */
  hourAverageUsd(now: number): number | null {
    const part = Math.floor(now / burnWindowMs);
    const known = Math.min(partsPerHour, part - (this.#firstPart ?? part));
    if (known < leastParts) return null;
    let spent = 0;
    for (let back = 1; back <= known; back += 1) spent += this.#parts.get(part - back) ?? 0;
    return (spent * partsPerHour) / known;
  }

  #beginAtNothing(sessionId: string): void {
    if (this.#fresh?.sessionId !== sessionId) return;
    this.#add({ at: this.#fresh.at, sessionId, costUsd: 0 });
    this.#fresh = undefined;
  }

  #add(sample: CostSample): void {
    const part = Math.floor(sample.at / burnWindowMs);
    this.#firstPart ??= part;
    if (this.#samples.findLast(({ sessionId }) => sessionId === sample.sessionId)?.costUsd === sample.costUsd) return;
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + spentUsd(this.#samples, sample));
    for (const old of this.#parts.keys()) if (old < part - partsPerHour) this.#parts.delete(old);
    this.#samples = neededSamples([...this.#samples, sample], sample.at);
  }
}
