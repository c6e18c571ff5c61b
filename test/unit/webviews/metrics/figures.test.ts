import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, countText, durationText, percentText, tokensText, usdText } from '../../../../webviews/metrics/figures.ts';

test('amounts are told in few figures, and what is unknown as a dash', () => {
  assert.deepEqual([null, 0, 0.004, 1.5].map(usdText), ['–', '$0.00', '<$0.01', '$1.50']);
  assert.deepEqual([null, 3, 2.25].map(countText), ['–', '3', '2.3']);
  assert.deepEqual([null, 999, 1_000, 24_400, 3_820_000].map(tokensText), ['–', '999', '1k', '24k', '3.8M']);
  assert.deepEqual([null, 0.905].map(percentText), ['–', '91 %']);
  assert.deepEqual([0, 1_023, 1_536, 2.25 * 1_024 ** 3].map(bytesText), ['0 B', '1023 B', '1.5 KiB', '2.3 GiB']);
});

test('a duration is told in its two largest units', () => {
  const seconds = [0, 59, 60, 61, 3_600, 3_660, 86_400, 90_000];
  assert.deepEqual(
    seconds.map((count) => durationText(count * 1_000)),
    ['0s', '59s', '1m', '1m 1s', '1h', '1h 1m', '1d', '1d 1h'],
  );
  assert.equal(durationText(null), '–');
});
