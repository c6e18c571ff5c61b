/** The shapes in which a secret may stand in a text, as it is compared: see `significant.ts`. Pure. */
import { leastSecretChars } from '../protocol/secret.ts';
import { significant } from './significant.ts';

export type FormName = 'plain' | 'reversed' | 'hex' | 'base64' | 'base64url';
/** `writtenChars`: how long it is where nothing was put in between. */
export type SecretForm = { readonly form: FormName; readonly text: string; readonly writtenChars: number };

/** A value of fewer different characters would be found in rulers and runs of zeros. */
const leastDifferent = 4;
/** A longer form is looked for piece by piece, so that no secret makes the search slow or keeps a text back for long. */
const pieceChars = 128;
const mostPieces = 64;

/** False for a value that ordinary text holds: it is not looked for. */
export function isFindable(value: string): boolean {
  const compared = significant(value);
  return compared.length >= leastSecretChars && new Set(compared).size >= leastDifferent;
}

/** The value and its reverse, in hex, and in base64 wherever in the encoded bytes it may lie. Empty for one that is not looked for. */
export function secretForms(value: string): SecretForm[] {
  if (!isFindable(value)) return [];
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((before) => base64Within(bytes, before));
  const forms: SecretForm[] = [
    ...named('plain', [value, bytes.toString('latin1')]),
    ...named('reversed', [[...value].reverse().join('')]),
    ...named('hex', [hex, hex.toUpperCase()]),
    ...named('base64', base64),
    ...named('base64url', base64.map(urlSafe)),
  ];
  const known = new Set<string>();
  return forms.filter(({ text }) => text.length >= leastSecretChars && known.size !== known.add(text).size);
}

function named(form: FormName, texts: readonly string[]): SecretForm[] {
  return texts.flatMap((text) => {
    const parts = pieces(significant(text));
    return parts.map((part) => ({ form, text: part, writtenChars: parts.length === 1 ? text.length : part.length }));
  });
}

/** The last one begins early enough to be as long as the others. */
function pieces(text: string): string[] {
  const count = Math.min(mostPieces, Math.ceil(text.length / pieceChars));
  return Array.from({ length: count }, (_, index) => {
    const start = Math.max(0, Math.min(index * pieceChars, text.length - pieceChars));
    return text.slice(start, start + pieceChars);
  });
}

/**
 * The characters that are the same whatever comes before it, which is `before` bytes past a group of three, and after; and
 * those with the last one as it is where nothing follows.
 */
function base64Within(bytes: Buffer, before: number): string[] {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const firstOwn = Math.ceil((before * 8) / 6);
  const lastWhole = Math.floor(((before + bytes.length) * 8) / 6);
  return [text.slice(firstOwn), text.slice(firstOwn, lastWhole)];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
