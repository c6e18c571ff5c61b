/** A change of files as it is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeContent } from '../../../../../server/sidecar/adapters/codex/diffs.ts';

const shown = (type: string, diff: string, move_path?: string) =>
  changeContent({ path: '/srv/shop/a.txt', kind: { type, move_path }, diff }, '/srv/shop');

test('a new and a removed file show their text', () => {
  assert.deepEqual(shown('add', 'one\n'), [{ type: 'diff', path: 'a.txt', oldText: null, newText: 'one\n' }]);
  assert.deepEqual(shown('delete', 'one\n'), [{ type: 'diff', path: 'a.txt', oldText: 'one\n', newText: '' }]);
});

test('a changed file shows both sides of each place, with the lines around', () => {
  const diff = '@@ -1,3 +1,3 @@\n top\n-old\n+new\n \n@@ -9 +9,2 @@\n end\n+more\n';
  assert.deepEqual(shown('update', diff), [
    { type: 'diff', path: 'a.txt', oldText: 'top\nold\n', newText: 'top\nnew\n' },
    { type: 'diff', path: 'a.txt', oldText: 'end', newText: 'end\nmore' },
  ]);
});

test('a moved file shows where to, also when nothing else changes', () => {
  assert.deepEqual(shown('update', '', '/srv/shop/b.txt'), [{ type: 'text', text: 'a.txt → b.txt' }]);
  assert.equal(shown('update', '@@\n-a\n+b\n', '/etc/b.txt')[0]?.type === 'diff' && 'path', 'path');
});

test('what cannot be read as a diff is shown as it is', () => {
  for (const diff of ['no diff at all\n', '@@\n-a\n+b\n\\ No newline at end of file\n'])
    assert.deepEqual(shown('update', diff), [{ type: 'text', text: `a.txt\n${diff}` }]);
});
