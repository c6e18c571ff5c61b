/**
 * Makes characters visible that a person would not see or that change how the text around them reads, so that what is
 * approved is what is run.
 */
export type TextPart = { kind: 'plain'; text: string } | { kind: 'hidden'; text: string; codePoint: string };

/**
 * Controls but newline and tab, format and direction marks, separators, spaces other than the plain one, unassigned and
 * private characters, lone surrogates, everything that renders as nothing, and the blank of Braille.
 */
const hidden = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let plain = '';
  for (const character of text) {
    if (!hidden.test(character)) {
      plain += character;
      continue;
    }
    if (plain) parts.push({ kind: 'plain', text: plain });
    plain = '';
    parts.push({ kind: 'hidden', text: character, codePoint: codePointName(character) });
  }
  if (plain) parts.push({ kind: 'plain', text: plain });
  return parts;
}

export function countHidden(parts: readonly TextPart[]): number {
  return parts.filter((part) => part.kind === 'hidden').length;
}

const [esc, bell] = ['\u001b', '\u0007'];
/** Control sequences (colours, cursor), operating system commands (titles, links), and the short escapes. */
const terminalCodes = new RegExp(
  [`${esc}\\[[0-?]*[ -/]*[@-~]`, `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`, `${esc}[@-Z\\\\-_]`].join('|'),
  'g',
);

/** Colours and cursor movements of a terminal say nothing here. */
export function withoutTerminalCodes(text: string): string {
  return text.replace(terminalCodes, '').replace(/\r\n?/g, '\n');
}

function codePointName(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
