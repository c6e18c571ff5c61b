/**
 * A text as the rules read it: lower case, without marks, with look-alikes of Latin letters replaced by them and without
 * what cannot be seen; and where each of its characters stands in the original.
 */

export type PlainText = { readonly text: string; readonly originalAt: (index: number) => number };

/** Letters of other scripts that look like Latin ones. Words of those scripts are looked up in the same form. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  pairs('аa вb еe кk мm нh оo рp сc тt уy хx іi ѕs јj һh ԁd ԛq ԝw ӏl οo αa νv ρp κk ιi υu τt ɡg ıi ǀl'),
);
const dropped = /[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;
const escapeChar = String.fromCharCode(0x1b);
const escapeSequence = new RegExp(String.raw`${escapeChar}(?:\[[0-?]{0,32}[ -/]{0,4}[@-~])?`, 'y');
const typographicApostrophe = /[\u2018\u2019\u02bc]/g;

const unplain = /[^\t\n\r -~]/;
const nextUnplain = /[^\t\n\r -~]/g;
/** No character becomes more than that; what one would is cut off. */
const maxExpansion = 4;

/** Bounded, because hostile text could bring every character there is. */
const maxFoldedChars = 4096;
const foldedChars = new Map<string, string>();

export function plainText(original: string): PlainText {
  if (!unplain.test(original)) return { text: original.toLowerCase(), originalAt: (index) => index };
  const places = new Uint32Array(original.length * maxExpansion);
  const parts: string[] = [];
  let length = 0;
  const keep = (text: string, at: number, step: number) => {
    parts.push(text);
    for (let index = 0; index < text.length; index++) places[length++] = at + index * step;
  };
  for (let at = 0; at < original.length; ) {
    const run = plainRun(original, at);
    keep(run.toLowerCase(), at, 1);
    at += run.length;
    const char = at < original.length ? charAt(original, at) : '';
    keep(foldedChar(char), at, 0);
    at += char.length;
  }
  return { text: parts.join(''), originalAt: (index) => (index < length ? (places[index] ?? original.length) : original.length) };
}

/** Most of a text is what is read as it stands. */
function plainRun(text: string, at: number): string {
  nextUnplain.lastIndex = at;
  const end = nextUnplain.exec(text)?.index ?? text.length;
  return text.slice(at, end);
}

/** A terminal's escape sequence counts as one character that is not seen. */
function charAt(text: string, at: number): string {
  if (text[at] === escapeChar) {
    escapeSequence.lastIndex = at;
    return escapeSequence.exec(text)?.[0] ?? escapeChar;
  }
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function foldedChar(char: string): string {
  if (char.startsWith(escapeChar)) return '';
  const known = foldedChars.get(char);
  if (known !== undefined) return known;
  if (foldedChars.size >= maxFoldedChars) foldedChars.clear();
  const folded = [...char.normalize('NFKD').replace(dropped, '').replace(typographicApostrophe, "'").toLowerCase()]
    .map((letter) => lookAlikes.get(letter) ?? letter)
    .join('')
    .slice(0, maxExpansion);
  foldedChars.set(char, folded);
  return folded;
}

/** All of them, in lower case. */
export const lookAlikeLetters = [...lookAlikes.keys()].join('');

function pairs(text: string): [string, string][] {
  return text.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]);
}
