/**
 * What the agent was sent and what it owes, as the backend last said: kept here, so that a hook is answered at once and
 * the end of a turn never waits for anybody. Whoever asks is told how old the answer is, and that it is unknown before
 * the first one.
 */
import type { Clock } from '../../base/clock.ts';
import { MailSnapshot } from '../../protocol/message.ts';

type ObligationsDeps = {
  /** Asks the backend: the only call that leaves this process. */
  readonly fetch: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type KnownMail = MailSnapshot & {
  /** False until the backend has said anything: then nothing here may be taken for "nothing". */
  readonly isKnown: boolean;
  readonly ageMs: number | null;
};

export const refreshEveryMs = 10_000;
/** A burst of news is one question. */
export const settleMs = 400;

const nothing: MailSnapshot = { unread: [], owed: [] };

export class ReplyObligations {
  readonly #deps: ObligationsDeps;
  #mail: MailSnapshot = nothing;
  #refreshedAt: number | null = null;
  #refreshing: Promise<void> | undefined;
  /** Something changed while the backend was being asked: the answer may be from before. */
  #isStale = false;
  #callOffNext: (() => void) | undefined;
  #callOffSoon: (() => void) | undefined;
  #isStarted = false;
  #isStopped = false;

  constructor(deps: ObligationsDeps) {
    this.#deps = deps;
  }

  /** Never waits and never throws; what it gives is the caller's own. */
  get(): KnownMail {
    const { unread, owed } = this.#mail;
    const ageMs = this.#refreshedAt === null ? null : Math.round(this.#deps.clock.elapsed() - this.#refreshedAt);
    return { unread: [...unread], owed: [...owed], isKnown: ageMs !== null, ageMs };
  }

  /** Monotonic milliseconds; null before the first answer. */
  get refreshedAt(): number | null {
    return this.#refreshedAt;
  }

  /** Asks at once and then every ten seconds. */
  start(): void {
    if (this.#isStarted || this.#isStopped) return;
    this.#isStarted = true;
    void this.refresh();
    this.#askLater();
  }

  /** What is known may no longer be so. */
  markDirty(): void {
    this.#isStale = this.#refreshing !== undefined;
    if (this.#isStopped || this.#callOffSoon) return;
    this.#callOffSoon = this.#deps.clock.after(settleMs, () => {
      this.#callOffSoon = undefined;
      void this.refresh();
    });
  }

  /** Callers at the same time share one question. Never rejects: without an answer, what was known stays. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
      if (this.#isStale) this.markDirty();
      this.#isStale = false;
    });
    return this.#refreshing;
  }

  /** What is still being asked is thrown away. */
  stop(): void {
    this.#isStopped = true;
    this.#callOffNext?.();
    this.#callOffSoon?.();
  }

  async #ask(): Promise<void> {
    try {
      const answer = await this.#deps.fetch();
      if (this.#isStopped) return;
      this.#mail = readable(answer);
      this.#refreshedAt = this.#deps.clock.elapsed();
    } catch (error) {
      // Without a backend that is how it is, every ten seconds.
      this.#deps.log('what the agent owes could not be asked', { why: String(error) });
    }
  }

  #askLater(): void {
    this.#callOffNext = this.#deps.clock.after(refreshEveryMs, () => {
      if (this.#isStopped) return;
      void this.refresh();
      this.#askLater();
    });
  }
}

/** An answer in a shape that nobody knows stands for nothing. */
function readable(answer: unknown): MailSnapshot {
  const parsed = MailSnapshot.safeParse(answer);
  return parsed.success ? parsed.data : nothing;
}
