/** Makes a text harmless that stands within an envelope, and leaves all else of it as it was written. */
import { namedCodePoint } from './excerpt.ts';
import { plainText } from './plain-text.ts';

/** Whatever some reader takes for the end of a line. */
const lineEnds = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;
/** What steers a terminal, turns the order of letters round, or is read by models alone. */
const steering = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/gu;
const dashes = String.raw`[-=_*~\u2010-\u2015\u2500-\u257f\u30fc]{2,40}`;
/** A line that looks like one of ours, in whatever dashes; options of programs begin with dashes too, and are let alone. */
const headerLike = new RegExp(
  String.raw`^[\s|>]{0,20}${dashes}\s{0,20}(?:agor message\b|(?:text|end|begin|message)\b.{0,60}${dashes}\s{0,20}$|(?:text|end) {1,9}(?=[a-z]{0,20}\d)[a-z0-9]{8,40}\b)`,
);
const trustLike = /^[\s|>]{0,20}trust ?:/;
/** A seal's form, whoever's it may be. */
const sealLike = /\[\[([a-z0-9]{8,20})\]\]/gi;
const removedMark = '(mark removed)';

/** `marks` must not occur in it: neither as they are nor in letters that look like theirs. */
export function disarmed(text: string, marks: readonly string[]): string {
  const lines = withoutForgeries(text.replace(lineEnds, '\n'), marks).split('\n');
  return lines.map((line) => (looksLikeOurs(line) ? `| ${line}` : line)).join('\n');
}

/** For a line of our own that others had a say in, such as a name. */
export function disarmedLine(text: string, marks: readonly string[]): string {
  return withoutForgeries(text.replace(lineEnds, ' '), marks);
}

function withoutForgeries(text: string, marks: readonly string[]): string {
  return withoutMarks(text, marks).replace(steering, namedCodePoint).replace(sealLike, '[ [$1] ]');
}

function looksLikeOurs(line: string): boolean {
  const plain = plainText(line.slice(0, 400)).text;
  return headerLike.test(plain) || trustLike.test(plain);
}

function withoutMarks(text: string, marks: readonly string[]): string {
  const plain = plainText(text);
  let rest = text;
  // From the end, so that the places before stay what they are.
  for (const { at, end } of placesOf(plain.text, marks).toReversed()) {
    rest = rest.slice(0, plain.originalAt(at)) + removedMark + rest.slice(plain.originalAt(end));
  }
  return rest;
}

function placesOf(text: string, marks: readonly string[]): { at: number; end: number }[] {
  const places = marks.filter(Boolean).flatMap((mark) => {
    const plainMark = plainText(mark).text;
    const found: { at: number; end: number }[] = [];
    for (let at = text.indexOf(plainMark); at !== -1; at = text.indexOf(plainMark, at + plainMark.length)) {
      found.push({ at, end: at + plainMark.length });
    }
    return found;
  });
  return places.sort((a, b) => a.at - b.at);
}
