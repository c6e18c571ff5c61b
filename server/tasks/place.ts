/** Places within a column: real numbers, so that moving one task changes no other, until there is no room between two. */

const step = 1_024;
/** Below it halving would soon give the same number twice. */
const smallestGap = 1e-6;

export function placeAtEnd(last: number | undefined): number {
  return (last ?? 0) + step;
}

/** Undefined when there is no room, and the column must be numbered anew. */
export function placeBetween(above: number | undefined, below: number): number | undefined {
  if (above === undefined) return below - step;
  return below - above < smallestGap ? undefined : (above + below) / 2;
}

/** The place of the one at `index` of a column that is numbered anew. */
export function evenPlace(index: number): number {
  return (index + 1) * step;
}
