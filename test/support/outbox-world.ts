/**
 * A sidecar's outbox and a backend's intake over real files, without the processes around them: either side can die at
 * any statement and be started again. What a test appends is written down outside of both.
 */

import type { EventIntake } from '../../server/agents/event-intake.ts';
import { Sessions, type Source } from '../../server/agents/sessions.ts';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { AgentId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import type { AppendAnswer } from '../../server/protocol/sidecar-wire.ts';
import { type NewEvent, Outbox } from '../../server/sidecar/outbox.ts';
import { outboxPath } from '../../server/sidecar/outbox-file.ts';
import { outboxMigrations } from '../../server/sidecar/outbox-rows.ts';
import { batchLimit, type SentEvent } from '../../server/sidecar/sent-events.ts';
import { type Database, openDatabase } from '../../server/store/open-database.ts';
import { CrashPoint } from './crashing-database.ts';
import { eventIntake } from './event-intake.ts';
import { hashOf, TestStores } from './test-stores.ts';

/** What a backend of another build, or with another mind, does not take; `secretly`: it takes it and says that it did not. */
export type Refuses = (event: SentEvent) => 'rejected' | 'secretly' | 'unsupported' | undefined;

const mostBatches = 10_000;

export class OutboxWorld {
  readonly kept = new TestStores();
  readonly source: Source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
  readonly sessionId: SessionId;
  /** The texts of notices that were answered for, in their order. */
  readonly acknowledged: string[] = [];
  /** How often each was tried to be appended. */
  readonly attempted = new Map<string, number>();
  readonly #acknowledgedKinds: string[] = [];
  readonly crash: CrashPoint;
  /** Which backend answers. */
  build = 'first build';
  refuses: Refuses = () => undefined;
  outbox: Outbox;
  sessions: Sessions;
  #intake: EventIntake;
  #outboxDb: Database;

  constructor(crash = new CrashPoint()) {
    this.crash = crash;
    // Before anything can die.
    const { sessions: file } = this.kept.stores;
    this.sessionId = new Sessions({ file, now: Date.now, hashOf, measure: () => {} }).create(this.source.agentId, this.source.projectId).id;
    ({ sessions: this.sessions, intake: this.#intake } = this.#openIntake());
    ({ outbox: this.outbox, db: this.#outboxDb } = this.#openOutbox());
  }

  /** Waits for the disk, in vain when the sidecar dies. */
  async append(event: AgentEvent, terms: Pick<NewEvent, 'mode' | 'dedupeKey'> = {}): Promise<void> {
    await this.#append([event], terms);
  }

  async appendAll(events: readonly AgentEvent[]): Promise<void> {
    await this.#append(events, {});
  }

  acknowledgedOf(type: AgentEvent['type']): number {
    return this.#acknowledgedKinds.filter((kind) => kind === type).length;
  }

  /** Asks until it has lived through the answer. */
  outboxSays(ask: (outbox: Outbox) => void): void {
    for (let isDone = false; !isDone; this.reviveDead()) {
      try {
        ask(this.outbox);
        isDone = true;
      } catch (error) {
        if (!this.crash.hasCrashed) throw error;
      }
    }
  }

  /** Delivers until the backend has all that it takes, whatever dies meanwhile. */
  deliver(): void {
    for (let batches = 0; this.#handOver() || this.crash.hasCrashed; batches += 1) {
      if (batches > mostBatches) throw new Error('it never comes to an end');
      this.reviveDead();
    }
  }

  /** As the backend answers a sidecar; throws when it dies. */
  take(sent: readonly SentEvent[]): AppendAnswer {
    const refused = sent.flatMap((event) => {
      const reason = this.refuses(event);
      return reason ? [{ event, reason }] : [];
    });
    const [first, ...rest] = refused;
    const end = first ? sent.indexOf(first.event) + Number(first.reason === 'secretly') : sent.length;
    const own = this.#intake.takeIn(this.source, sent.slice(0, end)).refused;
    const ackedSeq = this.sessions.ackedSeq(this.source.agentId);
    if (!first) return { ackedSeq, refused: [...own] };
    const told = [first, ...rest.filter(({ reason }) => reason === 'unsupported')].map(({ event, reason }) => ({
      seq: event.seq,
      reason: reason === 'unsupported' ? reason : ('rejected' as const),
      detail: 'as told',
    }));
    return { ackedSeq: Math.min(ackedSeq, first.event.seq - 1), refused: [...own, ...told] };
  }

  /** Starts again whichever process died. */
  reviveDead(): void {
    const dead = this.crash.takeCrashed();
    if (!dead) return;
    if (dead === this.#outboxDb) this.killSidecar();
    else this.killBackend();
  }

  killSidecar(): void {
    this.#outboxDb.close();
    this.outbox.close();
    this.#startSidecar();
  }

  killBackend(): void {
    this.kept.reopenAfterKill();
    this.#startBackend();
  }

  /** Every notice of the transcript, in its order. */
  told(): string[] {
    return this.sessions.page(this.sessionId, undefined, 1_000_000).items.flatMap((item) => (item.kind === 'notice' ? item.text : []));
  }

  remove(): void {
    this.outbox.close();
    this.kept.remove();
  }

  /** Whether there may be more. */
  #handOver(): boolean {
    try {
      const { events } = this.outbox.lend(batchLimit);
      if (events.length === 0) return false;
      const { pendingCount } = this.outbox;
      const { retry } = this.outbox.settle(this.take(events), { build: this.build, now: Date.now(), random: Math.random() });
      return retry !== null || this.outbox.pendingCount < pendingCount;
    } catch {
      // One of the two died: nobody answered.
      this.outbox.giveBack();
      return true;
    }
  }

  async #append(events: readonly AgentEvent[], terms: Pick<NewEvent, 'mode' | 'dedupeKey'>): Promise<void> {
    for (const event of events) {
      if (event.type === 'notice') this.attempted.set(event.text, (this.attempted.get(event.text) ?? 0) + 1);
    }
    const appended = Promise.all(events.map((event) => this.outbox.append({ at: Date.now(), sessionId: this.sessionId, event, ...terms })));
    appended.catch(() => {});
    try {
      this.outbox.flushNow();
      await appended;
      for (const event of events) {
        this.#acknowledgedKinds.push(event.type);
        if (event.type === 'notice') this.acknowledged.push(event.text);
      }
    } catch (error) {
      // Whoever asked got no answer.
      if (!this.crash.hasCrashed) throw error;
    }
    this.reviveDead();
  }

  #startSidecar(): void {
    ({ outbox: this.outbox, db: this.#outboxDb } = this.#openOutbox());
  }

  #startBackend(): void {
    ({ sessions: this.sessions, intake: this.#intake } = this.#openIntake());
  }

  #openOutbox(): { outbox: Outbox; db: Database } {
    const path = outboxPath(this.kept.folder('private'));
    const db = openDatabase(path, { durability: 'full', migrations: outboxMigrations });
    this.crash.watch(db);
    for (;;) {
      try {
        return { outbox: new Outbox(db, {}), db };
      } catch (error) {
        // It may die while it starts, too.
        if (!this.crash.takeCrashed()) throw error;
      }
    }
  }

  #openIntake(): { sessions: Sessions; intake: EventIntake } {
    const { btmsg: file, sessions: sessionsFile } = this.kept.stores;
    for (const db of [file.db, sessionsFile.db]) this.crash.watch(db, [file.db, sessionsFile.db]);
    return eventIntake(this.kept.stores, Date.now);
  }
}
