/**
 * JSON that may be shown as it is: what a terminal or an editor would act on instead of showing it stands as its escape.
 * It still means the same, because JSON allows every character of a string to be written so.
 */

/** Controls, format characters (which turn the order of text round), line separators, and half characters, which no file keeps. */
const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `json` is the output of `JSON.stringify` without indentation, with or without a line end. */
export function visibleJson(json: string): string {
  return json.replace(unseen, (char) => char.split('').map(escaped).join(''));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
