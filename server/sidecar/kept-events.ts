/**
 * What the agent did, on its way to the backend: in order in the journal, durable in the outbox, and with the agent held
 * back while the disk or the backend does not take it.
 */
import { mkdirSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { OutboxReport } from '../protocol/outbox.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { BackendLink } from './backend-link.ts';
import { Gate } from './gate.ts';
import { Journal } from './journal.ts';
import type { Outbox } from './outbox.ts';
import { openOrBeginOutbox, outboxPath } from './outbox-file.ts';
import type { SidecarLog } from './sidecar-log.ts';

type KeptEventsDeps = {
  readonly record: Pick<RunRecord, 'privateDir' | 'ackedSeq'>;
  readonly clock: Clock;
  /** Asked for when there is something to deliver: it is made after this. */
  readonly link: () => Pick<BackendLink, 'deliver' | 'stream' | 'sentSeq' | 'tellPoisoned'>;
  readonly logs: SidecarLog;
};

export class KeptEvents {
  readonly gate = new Gate();
  readonly outbox: Outbox;
  readonly #deps: KeptEventsDeps;
  readonly #journal: Journal;
  /** What was lost with an earlier outbox, until a session is there to tell it in. */
  #loss: string | null;
  #awaited: { readonly seq: number; readonly resolve: () => void }[] = [];

  /** Opens the outbox, which only one process may hold: throws `storage` when another does, or the disk refuses. */
  constructor(deps: KeptEventsDeps) {
    const { record, clock, link, logs } = deps;
    this.#deps = deps;
    mkdirSync(record.privateDir, { recursive: true, mode: 0o700 });
    const onFlushed = (failure: Error | null) => this.#flushed(failure);
    const opened = openOrBeginOutbox(outboxPath(record.privateDir), { afterSeq: record.ackedSeq ?? 0, now: clock.now(), onFlushed });
    this.outbox = opened.outbox;
    this.#loss = opened.loss;
    this.#journal = new Journal({
      outbox: this.outbox,
      clock,
      stream: (sessionId, event) => link().stream(sessionId, event),
      sentSeq: () => link().sentSeq(),
      log: (message, fields = {}) => logs.of('outbox').error(fields, message),
    });
  }

  /** What is to be told of an earlier outbox. */
  get loss(): string | null {
    return this.#loss;
  }

  record(sessionId: SessionId, event: AgentEvent): void {
    const text = this.#loss;
    this.#loss = null;
    if (text !== null) this.#journal.record(sessionId, { type: 'notice', level: 'error', text });
    this.#journal.record(sessionId, event);
  }

  /** Puts text that is still growing into the outbox. */
  appendPending(): void {
    this.#journal.appendPending();
  }

  /** Puts everything on disk, or goes on trying. */
  keepWhatCanBe(): void {
    try {
      this.outbox.flushNow();
    } catch {
      // `#flushed` has told it; the outbox holds the events in memory and goes on trying.
    }
  }

  /** A backend was reached. */
  restream(): void {
    this.#journal.restream();
  }

  /** The backend has everything up to there, or has refused it. */
  settled(upToSeq: number): void {
    this.#journal.acked(upToSeq);
    this.#followPressure();
    const due = this.#awaited.filter(({ seq }) => seq <= upToSeq);
    this.#awaited = this.#awaited.filter(({ seq }) => seq > upToSeq);
    for (const { resolve } of due) resolve();
  }

  /** Resolves when the backend has everything up to there. */
  taken(seq: number): Promise<void> {
    if (seq <= this.outbox.ackedSeq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaited.push({ seq, resolve });
    });
  }

  report(afterSeq: number | undefined): OutboxReport {
    return { ...this.outbox.report(afterSeq), isHeldBack: !this.gate.isOpen };
  }

  requeue(keys: readonly string[] | undefined): number {
    const requeued = this.outbox.requeue(keys);
    this.#deps.link().tellPoisoned();
    this.#deps.link().deliver();
    return requeued;
  }

  #flushed(failure: Error | null): void {
    if (failure) this.#log.error({ err: failure }, 'events cannot be put on disk; the agent is held back until they can');
    else this.#deps.link().deliver();
    this.#followPressure();
  }

  #followPressure(): void {
    const { pendingCount, bytes } = this.outbox;
    if (this.gate.follow(this.outbox)) {
      this.#log.warn({ isOpen: this.gate.isOpen, pendingCount, bytes }, 'the program is held back or goes on');
    }
  }

  get #log() {
    return this.#deps.logs.of('runner');
  }
}
