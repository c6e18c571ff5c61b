/** A change of files as Codex tells it, in our form: the parts that change, before and after. Pure. */
import type { ToolContent } from '../../../protocol/agent-event.ts';
import { shownPath } from '../shown-path.ts';
import type { FileChange } from './messages.ts';

/** For a new or a removed file `diff` is its text, for a changed one a unified diff. */
export function changeContent({ path, kind, diff }: FileChange, projectDir: string): ToolContent[] {
  const shown = shownPath(path, projectDir);
  if (kind.type === 'add') return [{ type: 'diff', path: shown, oldText: null, newText: diff }];
  if (kind.type === 'delete') return [{ type: 'diff', path: shown, oldText: diff, newText: '' }];
  const moved = kind.move_path ? shownPath(kind.move_path, projectDir) : null;
  const name = moved === null ? shown : `${shown} → ${moved}`;
  const hunks = hunksOf(diff);
  // What cannot be read as a diff is shown as it is: a question leaves nothing out.
  if (hunks === null) return [{ type: 'text', text: `${name}\n${diff}` }];
  if (hunks.length === 0) return [{ type: 'text', text: name }];
  return hunks.map((hunk) => ({ type: 'diff', path: name, ...hunk }));
}

type Hunk = { readonly oldText: string; readonly newText: string };

function hunksOf(diff: string): Hunk[] | null {
  const hunks: { before: string[]; after: string[] }[] = [];
  for (const line of linesOf(diff)) {
    const hunk = hunks.at(-1);
    if (line.startsWith('@@')) hunks.push({ before: [], after: [] });
    else if (hunk === undefined || !isOfHunk(line)) return null;
    else addLine(hunk, line);
  }
  return hunks.map(({ before, after }) => ({ oldText: before.join('\n'), newText: after.join('\n') }));
}

/** The end of the last line is no line. */
function linesOf(diff: string): string[] {
  const lines = diff.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function isOfHunk(line: string): boolean {
  return line === '' || /^[ +-]/.test(line);
}

function addLine(hunk: { before: string[]; after: string[] }, line: string): void {
  const text = line.slice(1);
  if (line === '' || line.startsWith(' ') || line.startsWith('-')) hunk.before.push(text);
  if (line === '' || line.startsWith(' ') || line.startsWith('+')) hunk.after.push(text);
}
