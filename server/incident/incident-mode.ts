/**
 * Whether an incident lasts, and until when. It is kept on disk, so that the next backend goes on with it. The wait goes by
 * a clock that only grows; while the computer sleeps, that one stands still, and the incident with it.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import type { Incident } from '../protocol/incident.ts';
import type { RecordFile } from '../store/record-file.ts';
import { IncidentStore } from './incident-store.ts';
import { shownEnd, timeLeft } from './time-left.ts';

export type IncidentDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** `actor`: the person's door. */
export type Beginning = { readonly forMs: number; readonly reason: string; readonly actor: string };

type Lasting = Incident & { /** On the clock that only grows. */ readonly until: number };

const saveEveryMs = 60_000;

export class IncidentMode {
  readonly changed = new Emitter<Incident | null>();
  /** Its time was over, and nobody ended it. */
  readonly expired = new Emitter<Incident>();
  readonly #deps: IncidentDeps;
  readonly #store: IncidentStore;
  #lasting: Lasting | null;
  #callOff: () => void = () => {};

  constructor(deps: IncidentDeps) {
    this.#deps = deps;
    this.#store = new IncidentStore(deps.file.db);
    const kept = this.#store.get();
    const { clock } = deps;
    this.#lasting = kept ? { ...kept, until: clock.elapsed() + timeLeft(kept, clock.now()) } : null;
  }

  /** Null from the very moment at which it ends, even if that is noticed later. */
  get current(): Incident | null {
    if (!this.#lasting || this.#leftMs(this.#lasting) <= 0) return null;
    const { beganAt, endsAt, reason } = this.#lasting;
    return { beganAt, endsAt, reason };
  }

  /** Goes on with what an earlier backend left. */
  start(): void {
    this.#look();
  }

  close(): void {
    this.#callOff();
  }

  /** On disk when it returns. One that lasts gets the new time and reason. */
  begin({ forMs, reason, actor }: Beginning): Incident {
    const { clock, file } = this.#deps;
    const now = clock.now();
    const incident = { beganAt: this.current?.beganAt ?? now, endsAt: now + forMs, reason };
    file.write(() => {
      this.#store.put({ ...incident, leftMs: forMs });
      this.#audit('incident_begun', actor, { endsAt: incident.endsAt, reason });
    });
    this.#lasting = { ...incident, until: clock.elapsed() + forMs };
    this.#look();
    this.changed.emit(incident);
    return incident;
  }

  /** False when there was none. */
  end(actor: string): boolean {
    const wasOn = this.#lasting !== null;
    if (this.#lasting) this.#end(actor, 'a person ended it');
    return wasOn;
  }

  #end(actor: string, because: string): void {
    this.#deps.file.write(() => {
      this.#store.remove();
      this.#audit('incident_ended', actor, { because });
    });
    this.#callOff();
    this.#lasting = null;
    this.changed.emit(null);
  }

  #expire({ beganAt, endsAt, reason }: Lasting): void {
    this.#end('backend', 'its time was over');
    this.expired.emit({ beganAt, endsAt, reason });
  }

  /** Ends it when its time is over; else keeps how much is left, and looks again. */
  #look(): void {
    this.#callOff();
    if (!this.#lasting) return;
    const leftMs = this.#leftMs(this.#lasting);
    try {
      if (leftMs <= 0) return this.#expire(this.#lasting);
      this.#keep(this.#lasting, leftMs);
    } catch (err) {
      this.#deps.log('the state of the incident was not kept', { err });
    }
    this.#callOff = this.#deps.clock.after(leftMs > 0 ? Math.min(leftMs, saveEveryMs) : saveEveryMs, () => this.#look());
  }

  #keep(lasting: Lasting, leftMs: number): void {
    const endsAt = shownEnd(lasting, this.#deps.clock.now(), leftMs);
    const { beganAt, reason } = lasting;
    this.#deps.file.write(() => this.#store.put({ beganAt, reason, endsAt, leftMs: Math.ceil(leftMs) }));
    if (endsAt === lasting.endsAt) return;
    this.#lasting = { ...lasting, endsAt };
    this.changed.emit({ beganAt, endsAt, reason });
  }

  #leftMs({ until }: Lasting): number {
    return until - this.#deps.clock.elapsed();
  }

  #audit(event: AuditEvent, actor: string, detail: Readonly<Record<string, unknown>>): void {
    this.#deps.audit.append({ at: this.#deps.clock.now(), event, agentId: null, actor, detail });
  }
}
