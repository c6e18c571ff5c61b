import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeName } from '../../../../extension/text/names.ts';
import { timeAgo } from '../../../../extension/text/wording.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const minuteMs = 60_000;
const times: [number, string][] = [
  [-5_000, 'just now'],
  [59_000, 'just now'],
  [minuteMs, '1 minute ago'],
  [59 * minuteMs, '59 minutes ago'],
  [60 * minuteMs, '1 hour ago'],
  [47 * 60 * minuteMs, '1 day ago'],
  [72 * 60 * minuteMs, '3 days ago'],
];
for (const [agoMs, phrase] of times) {
  test(`${agoMs} ms ago is "${phrase}"`, () => assert.equal(timeAgo(1_000_000_000 - agoMs, 1_000_000_000, t), phrase));
}

test('a taken name gets the first free number', () => {
  assert.equal(freeName('demo', []), 'demo');
  assert.equal(freeName('demo', ['demo', 'demo-2']), 'demo-3');
});
