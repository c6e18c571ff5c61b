import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../../server/protocol/errors.ts';
import { promptBytes, sizeProblem } from '../../../../webviews/chat/prompt-size.ts';

test('the page refuses what the backend refuses, counted in bytes, and says the limit', () => {
  assert.equal(promptBytes, limits.promptBytes);
  assert.equal(sizeProblem('a'.repeat(promptBytes)), null);
  assert.match(sizeProblem('ä'.repeat(promptBytes)) ?? '', /2 MB.*at most 1 MB/);
});
