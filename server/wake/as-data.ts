/** Words that agents chose, made fit to stand in a prompt: on one line, short, and in quotes that they cannot end. */

/** Controls, format characters, odd spaces, and half characters. */
const unseen = /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}]+/gu;

export function asData(text: string, maxChars: number): string {
  const flat = text.replace(unseen, ' ').replace(/ +/g, ' ').trim();
  const chars = [...flat];
  const short = chars.length <= maxChars ? flat : `${chars.slice(0, maxChars - 1).join('')}…`;
  return JSON.stringify(short);
}
