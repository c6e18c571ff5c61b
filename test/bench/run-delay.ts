/** How long this thread was ready to run and no processor was free: what a measured time owes to others on the machine. */
import { closeSync, openSync, readSync } from 'node:fs';

const nanosPerMs = 1e6;

export class RunDelay {
  readonly #bytes = Buffer.alloc(64);
  /** Undefined where the system does not tell. */
  readonly #file = opened();

  /** In milliseconds since the thread began; always 0 where nobody tells. Takes a few microseconds. */
  ms(): number {
    if (this.#file === undefined) return 0;
    const length = readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    // "time on a processor, time in the queue, turns"
    return Number(this.#bytes.toString('latin1', 0, length).split(' ')[1]) / nanosPerMs;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

function opened(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
