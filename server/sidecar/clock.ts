/** Time as the sidecar's parts see it, so that tests can hold it still. */
export interface Clock {
  /** Epoch milliseconds, for what is written down. */
  now(): number;
  /** Calls once after `delayMs`, whatever is done to the system's time meanwhile. Returns the function that calls it off. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
