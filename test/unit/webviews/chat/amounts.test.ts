import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costText, durationText, megabytesText, tokensText } from '../../../../webviews/chat/amounts.ts';
import { agoText } from '../../../../webviews/shared/ago.ts';

test('tokens are rounded to what a person reads', () => {
  const cases: [tokens: number, text: string][] = [
    [0, '0'],
    [950, '950'],
    [12_345, '12.3k'],
    [20_000, '20k'],
    [180_400, '180k'],
    [1_000_000, '1M'],
    [1_240_000, '1.2M'],
  ];
  for (const [tokens, text] of cases) assert.equal(tokensText(tokens), text);
});

test('small amounts of money keep a third digit, and what costs something is never shown as nothing', () => {
  assert.match(costText(0), /0[.,]00/);
  assert.match(costText(0.0504), /0[.,]050/);
  assert.match(costText(0.00001), /0[.,]001/);
  assert.match(costText(12.345), /12[.,]35/);
});

test('durations are read in the unit that fits', () => {
  const cases: [durationMs: number, text: string][] = [
    [400, '0.4 s'],
    [9_940, '9.9 s'],
    [48_200, '48 s'],
    [61_000, '1 min 1 s'],
    [3_600_000 * 2 + 60_000 * 5, '2 h 5 min'],
  ];
  for (const [durationMs, text] of cases) assert.equal(durationText(durationMs), text);
});

test('sizes and times past', () => {
  assert.equal(megabytesText(5 * 1024 * 1024), '5');
  assert.equal(megabytesText(1.25 * 1024 * 1024), '1.3');
  assert.notEqual(agoText(0, 3_600_000), agoText(0, 3 * 86_400_000));
});
