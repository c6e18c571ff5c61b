/**
 * Lets the writer of a database ask those who read it in other threads to wait for a moment. A write-ahead log begins anew
 * only when nobody reads from it, and as long as one reader takes over from the other that moment never comes.
 */

export type ReaderPause = <T>(read: () => T) => T;

/** Who asked may be gone, so nobody waits for longer than that. */
const patienceMs = 250;

/** How many ask just now. */
export function pauseMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** For a thread that reads: what it reads begins when nobody asks it to wait. */
export function readerPause(memory: SharedArrayBuffer): ReaderPause {
  const state = new Int32Array(memory);
  return (read) => {
    const asking = Atomics.load(state, 0);
    if (asking > 0) Atomics.wait(state, 0, asking, patienceMs);
    return read();
  };
}

/** For the writer: reads that have begun go on, and none begins until the function that this returns is called, once. */
export function askReaders(memory: SharedArrayBuffer): () => void {
  const state = new Int32Array(memory);
  Atomics.add(state, 0, 1);
  return () => {
    if (Atomics.sub(state, 0, 1) === 1) Atomics.notify(state, 0);
  };
}
