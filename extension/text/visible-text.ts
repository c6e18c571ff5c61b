/** Text of an agent for VS Code's own surfaces: what a person would not see is written out, and nothing in it acts. */

const looksWritten = /<(?=U\+)/g;
/** Controls but newline and tab, format and direction marks, unusual spaces, and everything that renders as nothing. */
const hidden = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What already looks like that is written so too, so that no two texts are shown alike. */
export function visible(text: string): string {
  return text.replace(looksWritten, codePointOf).replace(hidden, codePointOf);
}

/** Newlines and tabs are written out too, so that the text cannot go on as a line of its own. */
export function oneLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, codePointOf);
}

/** For a quick pick, which draws icons by their names. */
export function pickText(text: string): string {
  return oneLine(text).replaceAll('$(', '\\$(');
}

/** For a message, which makes links of `[text](target)`, commands among them. */
export function messageText(text: string): string {
  return oneLine(text).replaceAll('](', '] (');
}

function codePointOf(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
