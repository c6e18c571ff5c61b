/**
 * How a text is read when a secret is looked for in it: without white space, invisible characters, quotes, escapes and the
 * signs that join pieces of text, because that is how a value is split over lines, words, lists and concatenations. Pure.
 */

/** Zero: of no account. Else the character is compared. */
const dropped = new Uint8Array(0x10000);
const ranges = [
  [0x00, 0x20],
  [0x7f, 0xa0],
  [0x2000, 0x200f],
  [0x2018, 0x201f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
] as const;
for (const [first, last] of ranges) dropped.fill(1, first, last + 1);
for (const sign of '"\'`\\+,') dropped[sign.charCodeAt(0)] = 1;

export function isDropped(unit: number): boolean {
  return dropped[unit] === 1;
}

export function significant(text: string): string {
  let kept = '';
  for (let index = 0; index < text.length; index += 1) if (!isDropped(text.charCodeAt(index))) kept += text[index];
  return kept;
}

/** `written`: as it stands. The others take what stands for one character as that character. */
export type Reading = 'written' | 'unescaped' | 'percentDecoded';

const anyBackslash = /\\[nrtbfux]|\\$/;
const anyPercent = /%[0-9a-f]{2}|%[0-9a-f]?$/i;

/** Those that can differ for this text; at its end an escape may have begun. */
export function readingsOf(text: string): Reading[] {
  return [
    'written',
    ...(anyBackslash.test(text) ? (['unescaped'] as const) : []),
    ...(anyPercent.test(text) ? (['percentDecoded'] as const) : []),
  ];
}

/** What stands for one character: how long it is written, and the character; null for one that is of no account. */
export type Escape = { readonly length: number; readonly unit: number | null };

export const unfinished = 'unfinished';

const backslash = 0x5c;
const percent = 0x25;

/** What begins an escape in that reading; no character where nothing does. */
export function escapeSign(reading: Reading): number {
  if (reading === 'written') return -1;
  return reading === 'unescaped' ? backslash : percent;
}

/** Undefined where none begins. `unfinished`: the text ends within it. */
export function escapeAt(text: string, index: number, reading: Reading): Escape | typeof unfinished | undefined {
  const unit = text.charCodeAt(index);
  if (reading === 'unescaped' && unit === backslash) return backslashEscape(text, index);
  if (reading === 'percentDecoded' && unit === percent) return coded(text, { index, mark: 1, digits: 2 });
  return undefined;
}

/** However often it was escaped again, as JSON in JSON is. */
function backslashEscape(text: string, start: number): Escape | typeof unfinished | undefined {
  let index = start;
  while (text.charCodeAt(index) === backslash) index += 1;
  const mark = index - start + 1;
  const letter = text[index];
  if (letter === undefined) return unfinished;
  if ('nrtbf'.includes(letter)) return { length: mark, unit: null };
  if (letter === 'u') return coded(text, { index: start, mark, digits: 4 });
  if (letter === 'x') return coded(text, { index: start, mark, digits: 2 });
  return undefined;
}

type Code = { readonly index: number; readonly mark: number; readonly digits: number };

function coded(text: string, { index, mark, digits }: Code): Escape | typeof unfinished | undefined {
  const code = text.slice(index + mark, index + mark + digits);
  if (!/^[0-9a-f]*$/i.test(code)) return undefined;
  if (code.length < digits) return unfinished;
  return { length: mark + digits, unit: Number.parseInt(code, 16) };
}
