/** The order of the best hits: how well the text fits, then whether it says what was typed, and how recent it is. */
import type { SnippetPart } from '../protocol/search.ts';

export type Candidate = {
  /** As the index counts: negative, and the smaller the better. */
  readonly rank: number;
  readonly at: number;
  readonly snippet: readonly SnippetPart[];
};

const dayMs = 86_400_000;
const halfRecentMs = 7 * dayMs;
const weights = { exact: 0.3, recent: 0.25 };

/** Best first. A time ahead of the clock, as after the clock was set back, counts as now. */
export function ranked<T extends Candidate>(candidates: readonly T[], words: readonly string[], now: number): T[] {
  const best = Math.min(...candidates.map(({ rank }) => rank), -Number.EPSILON);
  const score = ({ rank, at, snippet }: Candidate) =>
    rank / best + weights.exact * exactness(snippet, words) + weights.recent * 2 ** (-Math.max(0, now - at) / halfRecentMs);
  return candidates
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .sort((left, right) => right.score - left.score)
    .map(({ candidate }) => candidate);
}

/** The share of the words that stand there as typed, and not only as another form of the same word; 1 for all of them in a row. */
function exactness(snippet: readonly SnippetPart[], words: readonly string[]): number {
  if (words.length === 0) return 0;
  const text = snippet
    .map((part) => part.text)
    .join('')
    .toLowerCase();
  if (text.includes(words.join(' '))) return 1;
  const matches = new Set(snippet.filter(({ isMatch }) => isMatch).map((part) => part.text.toLowerCase()));
  return (0.5 * words.filter((word) => matches.has(word)).length) / words.length;
}
