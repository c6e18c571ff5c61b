import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aroundWords } from '../../../server/search/around-words.ts';

const filling = 'lorem ipsum '.repeat(20_000);

test('a short text is taken whole', () => {
  assert.equal(aroundWords('a falcon', ['falcon']), 'a falcon');
});

test('of a long text the part around the first of the words is taken, whatever its case', () => {
  const part = aroundWords(`${filling}The FALCON flies ${filling}`, ['falcon']);
  assert.match(part, /^… .*The FALCON flies/);
  assert.ok(part.length < 4_100);
});

test('a word inside another one does not count, another form of it does', () => {
  const part = aroundWords(`${filling}megafalcons ${filling}migrations ${filling}`, ['falcon', 'migrating']);
  assert.match(part, /migrations/);
});

test('without any of them the beginning is taken', () => {
  assert.equal(aroundWords(`begin ${filling}`, ['falcon']).slice(0, 5), 'begin');
});
