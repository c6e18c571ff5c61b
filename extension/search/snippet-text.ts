/** A snippet for a quick pick, which has no markup of its own: what was looked for is made visible with what there is. */
import type { SnippetPart } from '../../server/protocol/search.ts';
import { oneLine } from '../text/visible-text.ts';

/** A quick pick draws the query itself in bold where it stands in a row as it was typed; everything else gets signs around it. */
export function snippetText(parts: readonly SnippetPart[], query: string): string {
  const plain = parts.map(({ text }) => text.replace(/\s+/g, ' '));
  const isDrawnBold = plain.join('').toLowerCase().includes(query.trim().toLowerCase());
  const marked = parts.map(({ isMatch }, index) => (isMatch && !isDrawnBold ? `«${plain[index]}»` : plain[index]));
  // Icons are drawn by their names, which may begin in one part and end in the next.
  return oneLine(marked.join('').trim()).replaceAll('$(', '\\$(');
}
