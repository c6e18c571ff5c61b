/**
 * Text from agents is hostile until shown otherwise: escape sequences could move the cursor over what was printed, or
 * write to the clipboard. Everything that reaches a terminal goes through one of these.
 */
import { stripVTControlCharacters } from 'node:util';

/** All but tab and line end. */
const controls = /(?![\n\t])\p{Cc}/gu;
const [esc, bell] = ['\u001b', '\u0007'];
/** A sequence that its end is still missing of; one that goes on for too long is given up. */
const unfinishedEscape = new RegExp(`${esc}(?:\\[[0-?]*[ -/]*|[\\]PX^_][^${bell}${esc}]{0,256}${esc}?)?$`);
const looksEscaped = /\\(?=u\{)/g;
/** Controls, format characters, odd spaces, lone surrogates, and what fonts draw as nothing. */
const invisible = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Several lines of text without escape sequences and control characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '');
}

/** The same on one line, cut to `maxChars`. */
export function oneLine(text: string, maxChars = 200): string {
  const flat = printable(text).replace(/\s+/g, ' ').trim();
  const chars = [...flat];
  return chars.length <= maxChars ? flat : `${chars.slice(0, maxChars - 1).join('')}…`;
}

/**
 * For what a person decides on: nothing is left out, and what cannot be seen is written as its code point. What already looks
 * like that is written so too, so that no two texts are shown alike.
 */
export function exact(text: string): string {
  return text.replace(looksEscaped, codePoint).replace(invisible, codePoint);
}

/** The same where a line is one line: line ends and tabs are written out too. */
export function exactLine(text: string): string {
  return exact(text).replace(/[\n\t]/g, codePoint);
}

function codePoint(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** How much of a text that still grows may be shown: an escape sequence or a pair of surrogates may be half there. */
export function settledLength(text: string): number {
  const unfinished = text.search(unfinishedEscape);
  if (unfinished !== -1) return unfinished;
  return /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
}
