/**
 * Letters and signs that can be seen but are easily taken for others: in a command or a path, what is not plain Latin is named
 * by its code point, so that a Cyrillic "а" does not pass for the Latin one. Pure.
 */
const ascii = /[\0-\u007f]/;
const named = 20;

/** Each once, in their order, as `а U+0430`; what cannot be seen is left out, because it is written out where it stands. */
export function otherLetters(...texts: readonly (string | null)[]): string[] {
  const signs = new Set(texts.flatMap((text) => [...(text ?? '')]).filter((sign) => !ascii.test(sign) && visibleSign.test(sign)));
  const all = [...signs].map((sign) => `${sign} U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return all.length <= named ? all : [...all.slice(0, named), `and ${all.length - named} more`];
}

const visibleSign = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
