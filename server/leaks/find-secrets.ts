/** Where secrets stand in a text, and where one may begin at its end. One pass for each reading; time grows with the text alone. */
import type { Automaton } from './automaton.ts';
import { escapeAt, escapeSign, isDropped, type Reading, readingsOf, unfinished } from './significant.ts';

/** From `start` up to `end`, by the word that was found. */
export type Find = { readonly start: number; readonly end: number; readonly word: number; readonly reading: Reading };

export type Search = {
  /** In their order; none overlaps another. */
  readonly finds: readonly Find[];
  /** From here on the text may be the beginning of a secret; its length where it is none. */
  readonly openFrom: number;
};

/** More characters of no account in a row part a text: two pieces so far from each other are not one value. */
const mostGap = 128;

export function findSecrets(automaton: Automaton, text: string): Search {
  const searches = readingsOf(text).map((reading) => searchReading(automaton, text, reading));
  const finds = joined(searches.flatMap((search) => search.finds));
  const openFrom = Math.min(text.length, ...searches.map((search) => search.openFrom));
  // Not in the middle of what was found: its rest would not be known for a secret any more.
  const around = finds.find(({ start, end }) => start < openFrom && openFrom < end);
  return { finds, openFrom: around?.start ?? openFrom };
}

function searchReading(automaton: Automaton, text: string, reading: Reading): Search {
  const finds: Find[] = [];
  const { table, columnOf, foundColumn, depthColumn, starts } = automaton;
  const escapes = escapeSign(reading);
  const mask = starts.length - 1;
  let [seen, gap, row, openFrom] = [0, 0, 0, text.length];
  for (let index = 0, next = 0; index < text.length; index = next) {
    let unit: number | null = text.charCodeAt(index);
    next = index + 1;
    const code = unit === escapes ? escapeAt(text, index, reading) : undefined;
    if (code === unfinished) {
      openFrom = index;
      break;
    }
    if (code) {
      next = index + code.length;
      unit = code.unit;
    }
    if (unit === null || isDropped(unit)) {
      gap += next - index;
      if (gap > mostGap) row = 0;
      continue;
    }
    gap = 0;
    // Where each of the last characters of account begins.
    starts[seen & mask] = index;
    seen += 1;
    row = table[row + (columnOf[unit] ?? 0)] ?? 0;
    if (row === 0) continue;
    const word = table[row + foundColumn] ?? -1;
    if (word >= 0) finds.push({ start: starts[(seen - automaton.lengthOf(word)) & mask] ?? 0, end: next, word, reading });
  }
  const begun = table[row + depthColumn] ?? 0;
  return { finds, openFrom: begun === 0 ? openFrom : Math.min(openFrom, starts[(seen - begun) & mask] ?? 0) };
}

/** Those that overlap are one, known by the longest. */
function joined(finds: readonly Find[]): Find[] {
  const spans: Find[] = [];
  for (const find of finds.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (!last || find.start >= last.end) spans.push(find);
    else if (find.end > last.end) spans[spans.length - 1] = union(last, find);
  }
  return spans;
}

function union(a: Find, b: Find): Find {
  const longer = b.end - b.start > a.end - a.start ? b : a;
  return { ...longer, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
