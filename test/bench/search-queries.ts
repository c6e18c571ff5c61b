/** Kinds of queries by what they are asked with; the numbers are how common a word is, 0 the most. */
import { word } from './search-data.ts';

export const kinds = ['common word', 'rare word', 'common and middling', 'phrase', 'prefix, 4 letters', 'common, of one agent'] as const;
export type Kind = (typeof kinds)[number];

const perKind = 20;

export function queries(size: number): Record<Kind, string[]> {
  const many = (make: (number: number) => string) => Array.from({ length: perKind }, (_, number) => make(number));
  return {
    'common word': many((number) => word(number)),
    'rare word': many((number) => `unique${Math.floor((size / perKind / 5) * number) * 5}`),
    'common and middling': many((number) => `${word(number)} ${word(500 + number)}`),
    phrase: many((number) => `"${word(number)} ${word(number + 1)}"`),
    'prefix, 4 letters': many((number) => `${word(number * 40).slice(0, 4)}*`),
    'common, of one agent': many((number) => `${word(number)} agent:agent${number}`),
  };
}

/** Each is asked once to warm up, then three times. An answer that is a number is the time that it took by itself. */
export async function askAll(asked: Record<Kind, string[]>, ask: (query: string) => unknown): Promise<Record<Kind, number[]>> {
  const took = queriesToTimes();
  for (const kind of kinds) {
    for (let round = 0; round < 4; round += 1) {
      for (const query of asked[kind]) {
        const begun = performance.now();
        const told = await ask(query);
        if (round > 0) took[kind].push(typeof told === 'number' ? told : performance.now() - begun);
      }
    }
  }
  return took;
}

function queriesToTimes(): Record<Kind, number[]> {
  // One entry for each of the kinds, which are all there are.
  return Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<Kind, number[]>;
}
