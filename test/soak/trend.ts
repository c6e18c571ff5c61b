/**
 * Whether a value grows, said robustly: the median of the slopes between pairs (Theil and Sen), which a few spikes do not
 * move. Pairs are of one life of a process only, since each begins again, and without its warm-up. Pure.
 */

export type Point = {
  readonly atMs: number;
  /** The process it is of; the same word for what outlives processes. */
  readonly life: string;
  readonly value: number;
};

/** Closer pairs say more about the noise than about the growth. */
const closestMs = 30_000;
const msPerMinute = 60_000;

/** Growth a minute; null when no life lasted long enough to tell. */
export function slopePerMinute(points: readonly Point[], warmUpMs: number): number | null {
  const slopes = [...lives(points).values()].flatMap((life) => slopesOf(afterWarmUp(life, warmUpMs)));
  return slopes.length === 0 ? null : median(slopes);
}

function lives(points: readonly Point[]): Map<string, Point[]> {
  const found = new Map<string, Point[]>();
  for (const point of points) found.set(point.life, [...(found.get(point.life) ?? []), point]);
  return found;
}

function afterWarmUp(life: readonly Point[], warmUpMs: number): Point[] {
  const from = (life[0]?.atMs ?? 0) + warmUpMs;
  return life.filter(({ atMs }) => atMs >= from);
}

function slopesOf(life: readonly Point[]): number[] {
  return life.flatMap((first, index) =>
    life
      .slice(index + 1)
      .filter(({ atMs }) => atMs - first.atMs >= closestMs)
      .map((later) => ((later.value - first.value) / (later.atMs - first.atMs)) * msPerMinute),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}
