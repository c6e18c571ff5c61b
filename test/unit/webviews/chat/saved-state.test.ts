import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingSaved, readSavedState } from '../../../../webviews/chat/saved-state.ts';

test('what was saved is read back', () => {
  const saved = {
    agentId: 'a',
    sessionId: 's',
    draft: 'text',
    attempt: { promptId: 'p', text: 'sent' },
    savedAt: 5,
    place: { kind: 'item', itemId: 'i', offsetPx: 12 },
  };
  assert.deepEqual(readSavedState(JSON.parse(JSON.stringify(saved))), saved);
});

test('what does not fit is left out, and the rest is kept', () => {
  for (const value of [undefined, null, 3, 'x']) assert.deepEqual(readSavedState(value), nothingSaved);
  const damaged = { agentId: 7, draft: 'text', attempt: { promptId: 1 }, place: { kind: 'item', itemId: 'i' } };
  assert.deepEqual(readSavedState(damaged), { ...nothingSaved, draft: 'text' });
});
