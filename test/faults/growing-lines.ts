/** A file that grows line by line while others write it: each line is read once. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

export class GrowingLines<T> {
  readonly #path: string;
  readonly #valuesOf: (line: string) => readonly T[];
  readonly #values: T[] = [];
  #offset = 0;
  #rest = '';

  /** `valuesOf`: what a line holds. */
  constructor(path: string, valuesOf: (line: string) => readonly T[]) {
    this.#path = path;
    this.#valuesOf = valuesOf;
  }

  /** Of all its whole lines so far, in their order. */
  values(): readonly T[] {
    const lines = (this.#rest + this.#grown()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#values.push(...this.#valuesOf(line));
    return this.#values;
  }

  #grown(): string {
    if (!existsSync(this.#path)) return '';
    const bytes = Buffer.alloc(statSync(this.#path).size - this.#offset);
    if (bytes.length === 0) return '';
    const file = openSync(this.#path, 'r');
    try {
      const read = readSync(file, bytes, 0, bytes.length, this.#offset);
      this.#offset += read;
      return bytes.toString('utf8', 0, read);
    } finally {
      closeSync(file);
    }
  }
}
