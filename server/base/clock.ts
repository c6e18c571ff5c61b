/** Time as a part sees it, so that tests can hold it still. */
export interface Clock {
  /** Epoch milliseconds, for what is shown or kept. A person or the network may set it forward and back. */
  now(): number;
  /** Milliseconds since some moment, which only grow: for waits and spans. */
  elapsed(): number;
  /** Calls once after `delayMs`, whatever is done to the system's time meanwhile. Returns the function that calls it off. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
