/**
 * Hands the outbox to whichever backend is there, in strict order and one batch at a time. While none takes anything it
 * only waits, however long; an event that the backend refuses is tried again on its own terms, and nothing overtakes it.
 */
import type { Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import type { AppendAnswer } from '../protocol/sidecar-wire.ts';
import { backoffMs } from './backoff.ts';
import type { Lent } from './outbox.ts';
import { maxAttempts, type RetryTerms, type SetAside, type Verdict } from './refused-events.ts';
import { type BatchLimit, batchLimit, type SentEvent } from './sent-events.ts';

export type DeliveredOutbox = {
  readonly ackedSeq: number;
  readonly lastSeq: number;
  lend(limit: BatchLimit): Lent;
  giveBack(): void;
  settle(answer: AppendAnswer, terms: RetryTerms): Verdict;
  requeueUnsupported(build: string): number;
};

export type Log = (level: 'debug' | 'info' | 'warn' | 'fatal', message: string, fields?: Record<string, unknown>) => void;

/** Rejects when nobody answered, or the backend cannot keep anything now. */
export type Send = (events: readonly SentEvent[]) => Promise<AppendAnswer>;

export type DeliveryDeps = {
  readonly outbox: DeliveredOutbox;
  /** No event after this one may go yet. */
  readonly barrierSeq: () => number;
  /** Up to `outbox.ackedSeq` everything is settled now; events may have been set aside. */
  readonly onSettled: () => void;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly random: () => number;
  readonly log: Log;
};

/** Looks into the outbox so often although nobody said that there is something new. */
export const pollEveryMs = 5_000;

type Pause = { readonly callOff: () => void; readonly isOutage: boolean };

export class Delivery {
  readonly #deps: DeliveryDeps;
  #backend: { readonly send: Send; readonly build: string } | undefined;
  #running: Promise<void> | undefined;
  #isAskedAgain = false;
  #outages = 0;
  #pause: Pause | undefined;
  #sentSeq = 0;
  #stopPolling: (() => void) | undefined;
  #isStopped = false;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** The last event that was sent to this backend; everything while there is none. */
  get sentSeq(): number {
    return this.#backend ? Math.max(this.#sentSeq, this.#deps.outbox.ackedSeq) : Number.POSITIVE_INFINITY;
  }

  start(): void {
    if (this.#stopPolling || this.#isStopped) return;
    this.#poll();
  }

  /** A backend is there: an outage is over, and what only others did not understand is tried once more. */
  connected(backend: { readonly send: Send; readonly build: string }): void {
    this.#backend = backend;
    this.#sentSeq = this.#deps.outbox.ackedSeq;
    this.#outages = 0;
    if (this.#pause?.isOutage) this.#resume();
    this.#requeueUnsupported(backend.build);
    this.drain();
  }

  disconnected(): void {
    this.#backend = undefined;
  }

  /** Sends what the outbox has; asked for again meanwhile, it looks once more when it is through. */
  drain(): void {
    if (this.#running) {
      this.#isAskedAgain = true;
      return;
    }
    if (!this.#mayGo()) return;
    this.#running = this.#deliverAll().finally(() => {
      this.#running = undefined;
      if (this.#isAskedAgain) this.drain();
    });
  }

  /** Resolves when nothing waits any more, or nobody is there to take it. */
  async drained(): Promise<void> {
    const { outbox } = this.#deps;
    while (this.#backend && !this.#isStopped && outbox.ackedSeq < outbox.lastSeq) {
      this.drain();
      await this.#running;
      if (outbox.ackedSeq < outbox.lastSeq) await delay(5);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopPolling?.();
    this.#pause?.callOff();
  }

  #mayGo(): boolean {
    return this.#backend !== undefined && this.#pause === undefined && !this.#isStopped;
  }

  async #deliverAll(): Promise<void> {
    this.#isAskedAgain = false;
    while (this.#mayGo() && (await this.#deliverBatch()));
  }

  /** Whether there may be more. Never rejects. */
  async #deliverBatch(): Promise<boolean> {
    const { outbox, barrierSeq } = this.#deps;
    const backend = this.#backend;
    if (!backend) return false;
    try {
      const { events, setAside } = outbox.lend({ ...batchLimit, upToSeq: barrierSeq() });
      this.#tellSetAside(setAside);
      const [first] = events;
      if (!first) return false;
      this.#sentSeq = Math.max(this.#sentSeq, events.at(-1)?.seq ?? 0);
      return this.#settle(await backend.send(events), { build: backend.build, firstSeq: first.seq });
    } catch (error) {
      outbox.giveBack();
      // Of a backend that is gone there is nothing to tell: the next one begins afresh.
      if (this.#backend === backend) this.#pauseForOutage(String(error));
      return false;
    }
  }

  #settle(answer: AppendAnswer, { build, firstSeq }: { build: string; firstSeq: number }): boolean {
    const { outbox, clock, random, onSettled } = this.#deps;
    const verdict = outbox.settle(answer, { build, now: clock.now(), random: random() });
    const { retry } = verdict;
    this.#tellSetAside(verdict.setAside);
    onSettled();
    if (retry) this.#pauseForRetry(retry);
    else if (outbox.ackedSeq < firstSeq) this.#pauseForOutage('it took none of them');
    else this.#outages = 0;
    return true;
  }

  #pauseForRetry({ seq, kind, attempts, delayMs, detail }: NonNullable<Verdict['retry']>): void {
    this.#outages = 0;
    this.#deps.log('debug', `event seq=${seq} kind=${kind} retry ${attempts}/${maxAttempts} in ${Math.round(delayMs)} ms: ${detail}`);
    this.#pauseFor(delayMs, { isOutage: false });
  }

  #pauseForOutage(why: string): void {
    this.#outages += 1;
    const delayMs = backoffMs(this.#outages, this.#deps.random());
    this.#deps.log(this.#outages === 1 ? 'warn' : 'debug', 'the backend does not take events now', {
      why,
      outages: this.#outages,
      delayMs,
    });
    this.#pauseFor(delayMs, { isOutage: true });
  }

  #pauseFor(delayMs: number, { isOutage }: { isOutage: boolean }): void {
    if (this.#isStopped) return;
    const callOff = this.#deps.clock.after(delayMs, () => {
      this.#pause = undefined;
      this.drain();
    });
    this.#pause = { callOff, isOutage };
  }

  #resume(): void {
    this.#pause?.callOff();
    this.#pause = undefined;
  }

  #requeueUnsupported(build: string): void {
    try {
      const count = this.#deps.outbox.requeueUnsupported(build);
      if (count > 0) this.#deps.log('info', 'events that another backend did not understand go again', { count, build });
    } catch (error) {
      // They stay where they are until the next backend.
      this.#deps.log('warn', 'events that were set aside cannot be sent again now', { why: String(error) });
    }
  }

  #tellSetAside(events: readonly SetAside[]): void {
    for (const { seq, kind, attempts, reason, detail } of events) {
      const event = `event seq=${seq} kind=${kind}`;
      if (reason === 'rejected') this.#deps.log('fatal', `${event} poisoned after ${attempts} attempts`, { detail });
      else if (reason === 'damaged') this.#deps.log('fatal', `${event} was damaged on the disk and is set aside`, { detail });
      else this.#deps.log('warn', `${event} is unknown to this backend and is set aside until another one answers`, { detail });
    }
    if (events.length > 0) this.#deps.onSettled();
  }

  #poll(): void {
    this.#stopPolling = this.#deps.clock.after(pollEveryMs, () => {
      this.drain();
      this.#poll();
    });
  }
}
