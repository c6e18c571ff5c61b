/** Cuts long work into slices, between which everybody else gets a turn. */

export type Slices = {
  /** How long work goes on before others come. */
  readonly workMs: number;
  readonly elapsed: () => number;
  /** Resolves when the others have had their turn. */
  readonly rest: () => Promise<void>;
};

/** To be awaited between any two steps of the work; most times it goes on at once. */
export function timeSlices({ workMs, elapsed, rest }: Slices): () => Promise<void> {
  let since = elapsed();
  return async () => {
    if (elapsed() - since < workMs) return;
    await rest();
    since = elapsed();
  };
}
