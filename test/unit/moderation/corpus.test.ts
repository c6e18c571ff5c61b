import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attackFamilies } from '../../screening/attack-corpus.ts';
import { benignTexts } from '../../screening/benign-corpus.ts';
import { foundShare, tally } from '../../screening/figures.ts';

const known = attackFamilies.filter(({ isHeldOut }) => !isHeldOut);

test('the corpus has at least twelve known families, four hundred texts of them, and three families held out', () => {
  assert.ok(known.length >= 12);
  assert.ok(new Set(known.flatMap(({ texts }) => texts)).size >= 400);
  assert.ok(attackFamilies.length - known.length >= 3);
});

test('of the known families, at least nine of ten texts are flagged or held, and so in each of them', () => {
  assert.ok(foundShare(tally(known.flatMap(({ texts }) => texts))) >= 0.9);
  assert.deepEqual(
    known.filter(({ texts }) => foundShare(tally(texts)) < 0.9).map(({ name }) => name),
    [],
  );
});

test('of honest texts, at most one in a hundred is flagged or held', () => {
  const texts = benignTexts(600).map(({ text }) => text);
  assert.equal(texts.length, 600);
  assert.ok(foundShare(tally(texts)) <= 0.01);
});
