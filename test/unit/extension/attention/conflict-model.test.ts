import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictRow } from '../../../../extension/attention/conflict-model.ts';
import { newId } from '../../../../server/base/uuid.ts';
import type { AgentId } from '../../../../server/protocol/ids.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const [ann, gone] = [newId<AgentId>(), newId<AgentId>()];
const place = { folder: '/srv/shop', nameOf: (id: string) => (id === ann ? 'ann' : undefined), nowMs: 120_000 };
const conflict = { path: '/srv/shop/src/a.ts', otherAgents: [], changedElsewhereAt: null, isWrittenOver: false };

test('a file is named by its name and its folder in the project, with who wrote it too', () => {
  assert.deepEqual(conflictRow({ ...conflict, otherAgents: [ann, gone] }, place, t), {
    ...{ label: '$(file) a.ts', description: 'src', detail: 'Also written by ann, an agent that was removed.' },
  });
  const outside = conflictRow({ ...conflict, path: '/etc/hosts', otherAgents: [ann] }, place, t);
  assert.deepEqual([outside.label, outside.description], ['$(file) hosts', '/etc']);
});

test('what somebody else changed says when, and whether the agent has written over it', () => {
  const changed = { ...conflict, changedElsewhereAt: 60_000 };
  assert.equal(conflictRow(changed, place, t).detail, 'Changed by someone who is no agent, 1 minute ago.');
  const detail = conflictRow({ ...changed, isWrittenOver: true, otherAgents: [ann] }, place, t).detail;
  assert.equal(detail, 'Also written by ann. Changed by someone who is no agent, 1 minute ago; this agent has written over that.');
});

test('a name that an agent chose draws nothing', () => {
  assert.equal(conflictRow({ ...conflict, path: '/srv/shop/$(trash)\n' }, place, t).label, '$(file) \\$(trash)<U+000A>');
});
