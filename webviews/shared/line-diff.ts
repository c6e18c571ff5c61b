/** Two texts as the rows of a unified diff. */
import { structuredPatch } from 'diff';

export type DiffRow =
  | { kind: 'context'; oldLine: number; newLine: number; text: string }
  | { kind: 'added'; newLine: number; text: string }
  | { kind: 'removed'; oldLine: number; text: string }
  /** Lines left out because both texts have them. */
  | { kind: 'gap'; count: number };

export interface LineDiff {
  readonly rows: readonly DiffRow[];
  readonly added: number;
  readonly removed: number;
}

const contextLines = 3;
/** Past this the texts have little in common, and finding the shortest diff would hold up the page. */
const maxEditLength = 1000;

export function lineDiff(oldText: string | null, newText: string): LineDiff {
  // Windows line endings are noise where every line has one, and worth seeing where they differ.
  if ((oldText === null || isCrLf(oldText)) && isCrLf(newText)) return lineDiff(oldText && toLf(oldText), toLf(newText));
  if (oldText === null || oldText === '') return wholeText(newText, 'added');
  if (newText === '') return wholeText(oldText, 'removed');
  const patch = structuredPatch('', '', oldText, newText, undefined, undefined, { context: contextLines, maxEditLength });
  return counted(patch ? hunkRows(patch.hunks) : [...wholeText(oldText, 'removed').rows, ...wholeText(newText, 'added').rows]);
}

function isCrLf(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

function toLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

type Hunks = NonNullable<ReturnType<typeof structuredPatch>>['hunks'];

function hunkRows(hunks: Hunks): DiffRow[] {
  const rows: DiffRow[] = [];
  let nextOldLine = 1;
  for (const hunk of hunks) {
    if (hunk.oldStart > nextOldLine) rows.push({ kind: 'gap', count: hunk.oldStart - nextOldLine });
    let oldLine = hunk.oldStart;
    let newLine = hunk.newStart;
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line.startsWith('+')) rows.push({ kind: 'added', newLine: newLine++, text });
      else if (line.startsWith('-')) rows.push({ kind: 'removed', oldLine: oldLine++, text });
      else if (line.startsWith(' ')) rows.push({ kind: 'context', oldLine: oldLine++, newLine: newLine++, text });
    }
    nextOldLine = oldLine;
  }
  return rows;
}

function wholeText(text: string, kind: 'added' | 'removed'): LineDiff {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return counted(
    lines.map((line, index) => (kind === 'added' ? { kind, newLine: index + 1, text: line } : { kind, oldLine: index + 1, text: line })),
  );
}

function counted(rows: readonly DiffRow[]): LineDiff {
  const count = (kind: DiffRow['kind']) => rows.filter((row) => row.kind === kind).length;
  return { rows, added: count('added'), removed: count('removed') };
}
