/** Places in a text: parsers count characters, editors count lines and columns, both from 0. */
import type { GroupProblem } from '../protocol/team.ts';

export type Place = Pick<GroupProblem, 'line' | 'column' | 'endLine' | 'endColumn'>;

export function placeOf(text: string, offset: number, length: number): Place {
  const [line, column] = position(text, offset);
  const [endLine, endColumn] = position(text, offset + length);
  return { line, column, endLine, endColumn };
}

/** The nearest that the text has. */
export function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + column, end < 0 ? text.length : end);
}

function position(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  return [lines.length - 1, lines.at(-1)?.length ?? 0];
}
