/** The words of a plain text, each with its place: also those that are written without spaces, or with one after each letter. */

export type Word = {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Which word it is; the end of a sentence counts as a few words, so that nothing is near across it. */
  readonly ordinal: number;
};

/** The start of an address on another machine; letters one by one; a word; an `@` within words; the end of a sentence; a blank line. */
const token =
  /(?:https?|ftp):\/\/(?!localhost|127\.|\[::1)|(?<![a-z0-9])(?:[a-z0-9][ .-]){2,}[a-z0-9](?![a-z0-9])|[\p{L}\p{N}_]+(?:'(?:t|s|re|ve|ll|d|m)(?![a-z]))?|(?<=[a-z0-9])@(?=[a-z])|[.!?](?=\s)|\n\s{0,8}\n|[\u3002\uff01\uff1f]/gu;
const word = /^[\p{L}\p{N}_]/u;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const singleLetters = /^[a-z0-9][ .-]/;
const sentenceWords = 3;
const maxUnspacedChars = 14;

/** In their order. `isKnown` decides where words begin that no space parts. */
export function* wordsOf(text: string, isKnown: (word: string) => boolean): Generator<Word, void> {
  let ordinal = 0;
  for (const { 0: found, index: at } of text.matchAll(token)) {
    if (found === '@') yield { text: found, at, end: at + 1, ordinal: ordinal++ };
    else if (!word.test(found)) ordinal += sentenceWords;
    else if (singleLetters.test(found) || unspaced.test(found)) {
      for (const known of knownWithin(found, isKnown)) {
        if (known.text !== '') yield { text: known.text, at: at + known.at, end: at + known.end, ordinal };
        ordinal++;
      }
    } else yield { text: asRead(found, isKnown), at, end: at + found.length, ordinal: ordinal++ };
  }
}

/** `1gn0re` is read as `ignore` where only that is a word. */
function asRead(found: string, isKnown: (word: string) => boolean): string {
  const text = found.replace("'", '');
  if (isKnown(text) || !/\d/.test(text) || !/[a-z]/.test(text)) return text;
  return text.replace(/[013457]/g, (digit) => 'oieast'['013457'.indexOf(digit)] ?? digit);
}

/** The longest known words, from the left, and an empty one for each letter between them. */
function* knownWithin(found: string, isKnown: (word: string) => boolean): Generator<Omit<Word, 'ordinal'>, void> {
  const step = singleLetters.test(found) ? 2 : 1;
  const letters = step === 1 ? found : found.replace(/(.)[ .-]/g, '$1');
  for (let from = 0; from < letters.length; ) {
    const length = knownLength(letters, from, isKnown);
    const next = from + Math.max(1, length);
    yield { text: letters.slice(from, from + length), at: from * step, end: (next - 1) * step + 1 };
    from = next;
  }
}

function knownLength(letters: string, from: number, isKnown: (word: string) => boolean): number {
  for (let length = Math.min(maxUnspacedChars, letters.length - from); length > 1; length--) {
    if (isKnown(letters.slice(from, from + length))) return length;
  }
  return 0;
}
