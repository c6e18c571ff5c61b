/**
 * Holds the program back while what it says cannot be kept: the disk takes nothing, or more waits for the backend than
 * the bound allows. Nothing is dropped; the program's pipe fills and it waits.
 */
import { Emitter } from '../base/emitter.ts';
import type { Flow } from './program.ts';

type Pressure = { readonly bytes: number; readonly isStalled: boolean };

const closeAtBytes = 256 * 1024 * 1024;

/** Opens again only at half the bound, so that it does not flap. */
export function shouldBeOpen(isOpen: boolean, pressure: Pressure, boundBytes: number): boolean {
  if (pressure.isStalled) return false;
  return pressure.bytes < (isOpen ? boundBytes : boundBytes / 2);
}

export class Gate implements Flow {
  readonly #changed = new Emitter<void>();
  readonly #boundBytes: number;
  #isOpen = true;
  #isForced = false;

  constructor(options: { readonly boundBytes?: number } = {}) {
    this.#boundBytes = options.boundBytes ?? closeAtBytes;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.on(listener);
  }

  /** Whether it changed. */
  follow(pressure: Pressure): boolean {
    return !this.#isForced && this.#set(shouldBeOpen(this.#isOpen, pressure, this.#boundBytes));
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
