/** The order of the best hits: how well the text fits, then whether it says what was typed, and how recent it is. */
export type Candidate = {
  /** As the index counts: negative, and the smaller the better. */
  readonly rank: number;
  readonly at: number;
  readonly text: string;
};

const dayMs = 86_400_000;
const halfRecentMs = 7 * dayMs;
const weights = { exact: 0.3, recent: 0.25 };

/** Best first. A time ahead of the clock, as after the clock was set back, counts as now. */
export function ranked<T extends Candidate>(candidates: readonly T[], words: readonly string[], now: number): T[] {
  const best = Math.min(...candidates.map(({ rank }) => rank), -Number.EPSILON);
  const score = ({ rank, at, text }: Candidate) =>
    rank / best + weights.exact * exactness(text.toLowerCase(), words) + weights.recent * 2 ** (-Math.max(0, now - at) / halfRecentMs);
  return candidates
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .sort((left, right) => right.score - left.score)
    .map(({ candidate }) => candidate);
}

/** The share of the words that stand there as typed, and not only as another form of the same word; 1 for all of them in a row. */
function exactness(lower: string, words: readonly string[]): number {
  if (words.length === 0) return 0;
  if (lower.includes(words.join(' '))) return 1;
  return (0.5 * words.filter((word) => standsIn(lower, word)).length) / words.length;
}

function standsIn(lower: string, word: string): boolean {
  const isLetter = (at: number) => /[\p{L}\p{N}]/u.test(lower.charAt(at));
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    if (!isLetter(at - 1) && !isLetter(at + word.length)) return true;
  }
  return false;
}
