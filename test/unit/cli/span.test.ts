import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../../server/cli/span.ts';

test('a span is given in minutes, hours or days', () => {
  assert.deepEqual(['30m', '2h', '1d', '90 m'].map(minutes), [30, 120, 1_440, 90]);
});

test('anything else says what was expected', () => {
  for (const typed of ['', '30', '0m', '-5m', '1w', 'an hour', '1.5h', '9999999m'])
    assert.throws(() => minutes(typed), { message: 'Give a span of time, as 30m, 2h or 1d.' });
});
