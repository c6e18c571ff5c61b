/**
 * Holds the program back while what it says cannot be kept: the disk takes nothing, or more waits for the backend than
 * the bound allows. Nothing is dropped; the program's pipe fills and it waits.
 */
import { Emitter } from '../base/emitter.ts';
import type { Flow } from './program.ts';

/** What waits for the backend, and whether the disk refuses. */
export type Pressure = { readonly pendingCount: number; readonly bytes: number; readonly isStalled: boolean };

export type Bound = { readonly events: number; readonly bytes: number };

/** Beyond it the program waits; events that it had written already are kept all the same. */
export const outboxBound: Bound = { events: 5_000, bytes: 256 * 1024 * 1024 };

/** Opens again only at half the bound, so that it does not flap. */
export function shouldBeOpen(isOpen: boolean, pressure: Pressure, bound: Bound): boolean {
  if (pressure.isStalled) return false;
  const share = isOpen ? 1 : 0.5;
  return pressure.pendingCount < bound.events * share && pressure.bytes < bound.bytes * share;
}

export class Gate implements Flow {
  readonly #changed = new Emitter<void>();
  readonly #bound: Bound;
  #isOpen = true;
  #isForced = false;

  constructor(bound: Bound = outboxBound) {
    this.#bound = bound;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.on(listener);
  }

  /** Whether it changed. */
  follow(pressure: Pressure): boolean {
    return !this.#isForced && this.#set(shouldBeOpen(this.#isOpen, pressure, this.#bound));
  }

  /** At the end the program's last words are read whatever waits. */
  openForGood(): void {
    this.#isForced = true;
    this.#set(true);
  }

  #set(isOpen: boolean): boolean {
    if (isOpen === this.#isOpen) return false;
    this.#isOpen = isOpen;
    this.#changed.emit();
    return true;
  }
}
