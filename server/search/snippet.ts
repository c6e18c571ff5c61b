/** Snippets: the full-text index marks what was found by two characters that no indexed text can hold. */
import type { SnippetPart } from '../protocol/search.ts';

export const matchBegins = '\u0001';
export const matchEnds = '\u0002';

/** For texts on their way into the index. */
export function withoutMarks(text: string): string {
  return text.replaceAll(matchBegins, ' ').replaceAll(matchEnds, ' ');
}

export function snippetParts(marked: string): SnippetPart[] {
  const pieces = marked.split(matchBegins).flatMap((piece, index) => {
    const end = index === 0 ? -1 : piece.indexOf(matchEnds);
    return [
      { text: piece.slice(0, Math.max(0, end)), isMatch: true },
      { text: piece.slice(end + 1), isMatch: false },
    ];
  });
  return pieces.filter(({ text }) => text !== '');
}
