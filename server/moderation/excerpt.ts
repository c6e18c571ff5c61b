/** A piece of a hostile text that can be shown: on one line, short, with what cannot be seen written out. */

const maxChars = 120;
const charsBefore = 20;
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Around the place, at most 120 characters. */
export function excerptAt(text: string, at: number): string {
  const from = Math.max(0, at - charsBefore);
  const visible = visibleText(text.slice(from, at + 2 * maxChars))
    .replace(/\s+/g, ' ')
    .trim();
  const begun = from > 0 ? `…${visible}` : visible;
  return begun.length <= maxChars ? begun : `${begun.slice(0, maxChars - 1)}…`;
}

/** Lines and tabs become spaces; each other invisible character is named, as in `<U+200B>`. */
function visibleText(text: string): string {
  return text.replace(/[\t\n\r]/g, ' ').replace(unseen, namedCodePoint);
}

/** As in `<U+200B>`. */
export function namedCodePoint(char: string): string {
  return `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
