/** Of a long text, the part around the first of the words: to look through all of it for a line of it takes too long. */

const shortChars = 4_000;
const charsBefore = 600;
/** A word may stand there in another form, of which only the beginning is the same. */
const commonBeginning = 4;

export function aroundWords(text: string, words: readonly string[]): string {
  if (text.length <= shortChars) return text;
  const lower = text.toLowerCase();
  const singles = words.flatMap((word) => word.split(/[^\p{L}\p{N}\p{Co}]+/u)).filter((word) => word !== '');
  const found =
    firstOf(lower, singles) ??
    firstOf(
      lower,
      singles.map((word) => word.slice(0, commonBeginning)),
    );
  const begin = Math.max(0, (found ?? 0) - charsBefore);
  // From a blank on, so that no half word is taken for a whole one.
  const blank = begin === 0 ? 0 : text.indexOf(' ', begin);
  const from = blank === -1 || blank > (found ?? 0) ? begin : blank;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + shortChars)}`;
}

/** Lower case may have another length; what is off by that is met by the room before it. */
function firstOf(lower: string, words: readonly string[]): number | undefined {
  const places = words.map((word) => wordPlace(lower, word)).filter((place) => place !== -1);
  return places.length === 0 ? undefined : Math.min(...places);
}

/** Where a word begins so. */
function wordPlace(lower: string, word: string): number {
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(lower.charAt(at - 1))) return at;
  }
  return -1;
}
