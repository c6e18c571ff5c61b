/**
 * UUIDv7s one after the other, for what needs very many: the time, a counter, and a part that is drawn at random once.
 * In one sequence the counter keeps them apart, between two the random part of 48 bits.
 */
import { randomBytes } from 'node:crypto';

const counterBits = 26;
const lowBits = 14;
/** The variant of RFC 9562, above the lower part of the counter. */
const variant = 0x8000;

export class KeySequence {
  readonly #tail = randomBytes(6).toString('hex');
  #counter = 0;
  #timeMs = -1;
  #time = '';

  next(nowMs: number): string {
    if (nowMs !== this.#timeMs) this.#startOf(nowMs);
    const counter = this.#counter;
    this.#counter = (counter + 1) % 2 ** counterBits;
    const high = (0x7000 + (counter >> lowBits)).toString(16);
    const low = (variant + (counter & (2 ** lowBits - 1))).toString(16);
    return `${this.#time}-${high}-${low}-${this.#tail}`;
  }

  /** The same for all of one millisecond. */
  #startOf(nowMs: number): void {
    const digits = Math.max(0, nowMs).toString(16).padStart(12, '0');
    this.#timeMs = nowMs;
    this.#time = `${digits.slice(0, 8)}-${digits.slice(8)}`;
  }
}
