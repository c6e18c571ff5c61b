/** How much each sender may write: a bucket that holds a minute's worth and fills up evenly. */
type Bucket = { tokens: number; filledAt: number };

const minuteMs = 60_000;

export class SenderRates {
  readonly #perMinute: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: () => number) {
    this.#perMinute = perMinute;
  }

  /** Takes one, or says in how many milliseconds there is one again. A time that goes back fills nothing. */
  take(sender: string, nowMs: number): { readonly waitMs: number } | null {
    const perMinute = this.#perMinute();
    const bucket = this.#buckets.get(sender) ?? { tokens: perMinute, filledAt: nowMs };
    const filled = bucket.tokens + (Math.max(0, nowMs - bucket.filledAt) * perMinute) / minuteMs;
    const tokens = Math.min(perMinute, filled);
    const isGranted = tokens >= 1;
    this.#buckets.set(sender, { tokens: isGranted ? tokens - 1 : tokens, filledAt: Math.max(nowMs, bucket.filledAt) });
    return isGranted ? null : { waitMs: Math.ceil(((1 - tokens) * minuteMs) / perMinute) };
  }

  forget(sender: string): void {
    this.#buckets.delete(sender);
  }
}
