/**
 * Lets one thread at a time open the index or exchange its file. A file that is opened while another takes its name would
 * share its write-ahead log with it, and SQLite would read the one's pages for the other's.
 */

export type Gate = <T>(work: () => T) => T;

const patienceMs = 10_000;
const [open, shut] = [0, 1];

/** For the memory that all threads of one search share. */
export function fileGate(memory: SharedArrayBuffer): Gate {
  const state = new Int32Array(memory);
  return (work) => {
    const giveUpAt = performance.now() + patienceMs;
    while (Atomics.compareExchange(state, 0, open, shut) !== open) {
      if (performance.now() > giveUpAt) throw new Error('Another thread is still opening the search index.');
      Atomics.wait(state, 0, shut, patienceMs);
    }
    try {
      return work();
    } finally {
      Atomics.store(state, 0, open);
      Atomics.notify(state, 0);
    }
  };
}

export function gateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** For who lost the thread that may have shut it. */
export function openGate(memory: SharedArrayBuffer): void {
  const state = new Int32Array(memory);
  Atomics.store(state, 0, open);
  Atomics.notify(state, 0);
}
