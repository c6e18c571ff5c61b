import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineDiff } from '../../../../webviews/shared/line-diff.ts';

/** One line for each row, as in a unified diff. */
function drawn(oldText: string | null, newText: string): string[] {
  return lineDiff(oldText, newText).rows.map((row) => {
    if (row.kind === 'gap') return `@ ${row.count}`;
    if (row.kind === 'added') return `+${row.newLine} ${row.text}`;
    return row.kind === 'removed' ? `-${row.oldLine} ${row.text}` : ` ${row.oldLine},${row.newLine} ${row.text}`;
  });
}

test('a new file is all additions, and an emptied one all removals', () => {
  assert.deepEqual(drawn(null, 'a\nb\n'), ['+1 a', '+2 b']);
  assert.deepEqual(drawn('', 'a'), ['+1 a']);
  assert.deepEqual(drawn('a\nb\n', ''), ['-1 a', '-2 b']);
});

test('a changed line is a removal and an addition between lines of context with both numbers', () => {
  assert.deepEqual(drawn('a\nb\nc\n', 'a\nx\ny\nc\n'), [' 1,1 a', '-2 b', '+2 x', '+3 y', ' 3,4 c']);
  const { added, removed } = lineDiff('a\nb\nc\n', 'a\nx\ny\nc\n');
  assert.deepEqual({ added, removed }, { added: 2, removed: 1 });
});

test('lines far from a change are counted and left out', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const changed = lines.with(9, 'ten').with(24, 'twenty-five');
  const rows = drawn(lines.join('\n'), changed.join('\n'));
  assert.equal(rows[0], '@ 6');
  assert.ok(rows.includes('@ 8'));
  assert.ok(rows.includes('+25 twenty-five'));
});

test('line ends of Windows are noise where every line has one, and shown where they differ', () => {
  assert.deepEqual(drawn('a\r\nb\r\n', 'a\r\nc\r\n'), [' 1,1 a', '-2 b', '+2 c']);
  assert.deepEqual(drawn('a\r\n', 'a\n'), ['-1 a\r', '+1 a']);
});

test('texts that have little in common are shown as replaced', () => {
  const text = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join('\n');
  const { added, removed } = lineDiff(text('old'), text('new'));
  assert.deepEqual({ added, removed }, { added: 5000, removed: 5000 });
});
