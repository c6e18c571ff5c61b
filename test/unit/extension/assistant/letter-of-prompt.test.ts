import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letterOfPrompt } from '../../../../extension/assistant/letter-of-prompt.ts';

const names = ['build', 'build bot', 'lead'];

for (const [prompt, expected] of [
  ['lead the tests are red', { to: 'lead', text: 'the tests are red' }],
  ['lead: the tests are red', { to: 'lead', text: 'the tests are red' }],
  ['Build Bot, look\nat this', { to: 'build bot', text: 'look\nat this' }],
  ['build boto', { to: 'build', text: 'boto' }],
  ['#review-queue please look', { to: '#review-queue', text: 'please look' }],
  ['leader hello', { to: 'leader', text: 'hello' }],
  ['lead', undefined],
  ['lead:  ', undefined],
  ['  ', undefined],
] as const) {
  test(`"${prompt}" goes to ${expected?.to ?? 'nobody'}`, () => {
    assert.deepEqual(letterOfPrompt(prompt, names), expected);
  });
}
