/** Says that the audit log has grown: soon, once for many rows, and only of rows that are committed. */
import type { Clock } from '../base/clock.ts';
import type { AuditLog } from './audit-log.ts';

export type AuditNewsDeps = {
  readonly audit: Pick<AuditLog, 'appended' | 'head'>;
  readonly clock: Clock;
  readonly tell: (seq: number) => void;
};

/** As soon as a person calls immediate; a busy fleet writes hundreds of rows meanwhile. */
const togetherMs = 250;

export class AuditNews {
  readonly #deps: AuditNewsDeps;
  #callOff: (() => void) | undefined;
  #toldSeq = 0;

  constructor(deps: AuditNewsDeps) {
    this.#deps = deps;
  }

  /** Returns the function that stops it, which is called before the database is closed. */
  follow(): () => void {
    const { audit, clock } = this.#deps;
    this.#toldSeq = audit.head().seq;
    const stopListening = audit.appended.on(() => {
      // Transactions are synchronous: by then this one is committed, or undone and the head is as it was.
      this.#callOff ??= clock.after(togetherMs, () => this.#tell());
    });
    return () => {
      stopListening();
      this.#callOff?.();
    };
  }

  #tell(): void {
    this.#callOff = undefined;
    const { seq } = this.#deps.audit.head();
    if (seq === this.#toldSeq) return;
    this.#toldSeq = seq;
    this.#deps.tell(seq);
  }
}
