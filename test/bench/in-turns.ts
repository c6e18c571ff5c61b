/**
 * Two or more ways of the same work, a block of each in turns, so that other load on the machine hits all of them alike;
 * the middle of each way's blocks is what it takes.
 */
import { quantile } from './figures.ts';

/** A way that does more than what is measured tells itself how many milliseconds that took. */
type Ways<Name extends string> = Readonly<Record<Name, (block: number) => unknown>>;

/** In milliseconds a block. The first block of each warms up and is not counted. */
export async function inTurns<Name extends string>(blocks: number, ways: Ways<Name>): Promise<Record<Name, number>> {
  // The keys of `ways` are all there are of its type.
  const names = Object.keys(ways) as Name[];
  const took = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let block = 0; block <= blocks; block += 1) {
    for (const name of block % 2 === 0 ? names : names.toReversed()) {
      const begun = performance.now();
      const told = await ways[name](block);
      if (block > 0) took.get(name)?.push(typeof told === 'number' ? told : performance.now() - begun);
    }
  }
  // One entry for each name, as it was made above.
  return Object.fromEntries([...took].map(([name, values]) => [name, quantile(values, 0.5)])) as Record<Name, number>;
}
