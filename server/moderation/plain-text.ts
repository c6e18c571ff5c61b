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

/** Bounded, because hostile text could bring every character there is. */
const maxFoldedChars = 4096;
const foldedChars = new Map<string, string>();

export function plainText(original: string): PlainText {
  if (!/[^\t\n\r -~]/.test(original)) return { text: original.toLowerCase(), originalAt: (index) => index };
  const folded: string[] = [];
  const places: number[] = [];
  for (let at = 0; at < original.length; ) {
    const char = charAt(original, at);
    for (const unit of foldedChar(char).split('')) {
      folded.push(unit);
      places.push(at);
    }
    at += char.length;
  }
  return { text: folded.join(''), originalAt: (index) => places[index] ?? original.length };
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
  if (/^[\t\n\r -~]$/.test(char)) return char.toLowerCase();
  if (char.startsWith(escapeChar)) return '';
  const known = foldedChars.get(char);
  if (known !== undefined) return known;
  if (foldedChars.size >= maxFoldedChars) foldedChars.clear();
  const folded = [...char.normalize('NFKD').replace(dropped, '').replace(typographicApostrophe, "'").toLowerCase()]
    .map((letter) => lookAlikes.get(letter) ?? letter)
    .join('');
  foldedChars.set(char, folded);
  return folded;
}

/** Whether it is one of those letters that are taken for Latin ones. */
export function isLookAlike(char: string): boolean {
  return lookAlikes.has(char.toLowerCase());
}

function pairs(text: string): [string, string][] {
  return text.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]);
}
