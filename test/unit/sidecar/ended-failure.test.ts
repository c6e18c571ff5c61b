import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endedFailure } from '../../../server/sidecar/ended-failure.ts';
import { classifyError } from '../../../server/sidecar/error-classifier.ts';

test('a failure that ended a turn does not promise to try again', () => {
  for (const status of [429, 529, 500]) assert.doesNotMatch(endedFailure(classifyError({ status, message: '' })).message, /retrying/);
  assert.equal(
    endedFailure(classifyError({ status: 429, message: 'retry after 12 s' })).message,
    'Rate limited. Send the prompt again in 12 s.',
  );
});

test('every other failure keeps its words', () => {
  const failure = classifyError({ status: 401, message: 'no' });
  assert.deepEqual(endedFailure(failure), failure);
});
