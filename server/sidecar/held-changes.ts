/**
 * News of the program that must not overtake the agent's events: the backend closes what is open when it hears that a
 * program ended, and would ignore the result that comes after. Each waits until everything before it was acknowledged.
 */
import type { ProgramChange } from '../protocol/sidecar-wire.ts';

export class HeldChanges {
  #held: { readonly change: ProgramChange; readonly afterSeq: number }[] = [];

  /** `afterSeq` is the last event appended before the change. */
  hold(change: ProgramChange, afterSeq: number): void {
    this.#held.push({ change, afterSeq });
  }

  /** No event after this one may go to the backend before the next change does. */
  get barrierSeq(): number {
    return this.#held[0]?.afterSeq ?? Number.POSITIVE_INFINITY;
  }

  /** What may be told now, oldest first; each is given once. */
  takeDue(ackedSeq: number): ProgramChange[] {
    const count = this.#held.findIndex(({ afterSeq }) => afterSeq > ackedSeq);
    return this.#held.splice(0, count === -1 ? this.#held.length : count).map(({ change }) => change);
  }
}
