/** What becomes readable when it is decoded. Bounded in how much is tried, and in how often one thing is within another. */

export type Decoded = {
  readonly text: string;
  /** Where in the encoded text it began. */
  readonly at: number;
  readonly end: number;
};

const base64Run = /[a-z0-9+/_-]{20,}(?:\r?\n[a-z0-9+/_-]{8,}){0,400}/gi;
const hexRun = /(?:[0-9a-f]{2}){12,}/gi;
const escapes = /\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|%[0-9a-f]{2}|&#x[0-9a-f]{1,6};|&#\d{1,7};/gi;
/** Words of orders as they look in rot13 and turned round: only where one is, the whole is tried. */
const rotated =
  /\b(?:vtaber|qvfertneq|sbetrg|vafgehpgvbaf|cerivbhf|cnffjbeq|hcybnq|frperg|cebzcg|pbzznaq|qryrgr|fraq|sbejneq|gbxra|rkrphgr|nccebir|uggcf|uggc)\b/i;
const reversed =
  /\b(?:erongi|dragersid|tegrof|snoitcurtsni|suoiverp|drowssap|daolpu|terces|tpmorp|dnammoc|eteled|dnes|drawrof|nekot|etucexe|evorppa|sptth|ptth)\b/i;

const maxDecodedChars = 32 * 1024;
const maxPieces = 64;
/** Fewer are accents and spaces in an address. */
const minEscapes = 8;

export function decodedPieces(text: string): Decoded[] {
  const pieces: Decoded[] = [];
  let chars = 0;
  for (const piece of candidates(text)) {
    chars += piece.text.length;
    if (pieces.length === maxPieces || chars > maxDecodedChars) break;
    pieces.push(piece);
  }
  return pieces;
}

function* candidates(text: string): Generator<Decoded> {
  for (const match of text.matchAll(base64Run)) yield* readable(Buffer.from(match[0], 'base64'), match);
  for (const match of text.matchAll(hexRun)) yield* readable(Buffer.from(match[0], 'hex'), match);
  const whole = { at: 0, end: text.length };
  const escaped = [...text.matchAll(escapes)];
  if (escaped.length >= minEscapes) yield { text: text.replace(escapes, unescaped), at: escaped[0]?.index ?? 0, end: text.length };
  if (rotated.test(text)) yield { text: text.replace(/[a-z]/gi, rot13), ...whole };
  if (reversed.test(text)) yield { text: [...text].reverse().join(''), ...whole };
}

/** Nothing for bytes that are no text: most of what looks encoded is a hash, a key or a path. */
function* readable(bytes: Buffer, { 0: encoded, index }: RegExpExecArray): Generator<Decoded> {
  if (!isText(bytes)) return;
  yield { text: bytes.toString('utf8'), at: index, end: index + encoded.length };
}

function isText(bytes: Buffer): boolean {
  const shown = bytes.filter((byte) => byte === 0x0a || byte === 0x0d || byte === 0x09 || (byte >= 0x20 && byte !== 0x7f));
  return bytes.length >= 12 && shown.length === bytes.length && !bytes.toString('utf8').includes('\ufffd');
}

function unescaped(written: string): string {
  const digits = /[0-9a-f]+/i.exec(written.replace(/^(?:\\[xu]|%|&#x?)/i, ''))?.[0] ?? '';
  const code = Number.parseInt(digits, /^&#\d/.test(written) ? 10 : 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function rot13(letter: string): string {
  const code = letter.charCodeAt(0);
  const first = code < 0x61 ? 0x41 : 0x61;
  return String.fromCharCode(first + ((code - first + 13) % 26));
}
