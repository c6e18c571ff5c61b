/** What VS Code is told of a tree that is drawn again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreeNews } from '../../../../extension/drawing/tree-news.ts';

const rows = (...drawn: readonly (readonly [string, string])[]) => drawn.map(([id, label]) => ({ id, row: { label } }));

test('at first everything is new, and then only what looks different', () => {
  const news = new TreeNews();
  assert.equal(news.of(rows(['a', 'Ann'], ['b', 'Bob'])), 'order');
  assert.deepEqual(news.of(rows(['a', 'Ann'], ['b', 'Bob'])), []);
  assert.deepEqual(news.of(rows(['a', 'Ann'], ['b', 'Bob, working'])), ['b']);
  assert.deepEqual(news.of(rows(['a', 'Ann'], ['b', 'Bob, working'])), []);
});

for (const [what, drawn] of [
  ['came', rows(['a', 'Ann'], ['b', 'Bob'], ['c', 'Cleo'])],
  ['went', rows(['a', 'Ann'])],
  ['moved', rows(['b', 'Bob'], ['a', 'Ann'])],
] as const) {
  test(`where a row ${what}, all of them are asked for`, () => {
    const news = new TreeNews();
    news.of(rows(['a', 'Ann'], ['b', 'Bob']));
    assert.equal(news.of(drawn), 'order');
  });
}
