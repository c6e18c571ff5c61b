/** What a session is called, by what began it. */
import type { PromptOrigin } from '../protocol/session.ts';

const titleChars = 80;
/** Of a session that no person began; a person's is titled by their words. */
const titles: Record<PromptOrigin, string> = { person: '', mail: 'Messages', wake: 'Wake' };

export function titleOf(text: string, origin: PromptOrigin): string {
  return titles[origin] || shortened(firstLine(text));
}

/** The first that says something. */
function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '') ?? '';
}

function shortened(line: string): string {
  if (line.length <= titleChars) return line;
  // Never half a character.
  return `${line.slice(0, titleChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
