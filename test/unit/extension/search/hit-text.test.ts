import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hitText } from '../../../../extension/search/hit-text.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';
import { sampleHit, samplePlace } from '../../../support/search-samples.ts';

test('a row of the audit log is told whole', () => {
  const record = {
    ...{ seq: 7, at: 0, event: 'message_sent', agentId: 'a1', actor: 'agent\u202e' },
    ...{ detail: { to: 'lead' }, prevHash: '00', hash: 'ff' },
  };
  const text = hitText(sampleHit(7, 'audit'), record, plainTranslate);
  for (const part of ['Row 7 of the audit log', 'Event: message_sent', 'Done by: agent<U+202E>', 'Agent: a1', 'Hash: ff', '"to": "lead"'])
    assert.ok(text.includes(part), part);
});

test('of an agent that was removed, what the search knows is told, and why it is not more', () => {
  const hit = sampleHit(1, 'messages', { place: samplePlace({ kind: 'item', agentId: null }) });
  const text = hitText(hit, undefined, plainTranslate);
  assert.match(text, /the login has failed/);
  assert.match(text, /The agent was removed/);
});
