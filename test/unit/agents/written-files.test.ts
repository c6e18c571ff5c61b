import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { recentMs, WrittenFiles } from '../../../server/agents/written-files.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { ToolStatus } from '../../../server/protocol/agent-event.ts';
import type { AgentId, ItemId } from '../../../server/protocol/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const [one, two, three] = [newId<AgentId>(), newId<AgentId>(), newId<AgentId>()];
const folders = new Map([
  [one, '/shop'],
  [two, '/shop'],
  [three, '/bank'],
]);
let clock: FakeClock;
let files: WrittenFiles;

beforeEach(() => {
  clock = new FakeClock();
  files = new WrittenFiles({ clock, folder: (id) => folders.get(id) ?? '/' });
});

function edits(agentId: AgentId, path: string, status: ToolStatus = 'ok'): void {
  const itemId = newId<ItemId>();
  const content = [{ type: 'diff' as const, path, oldText: null, newText: 'x' }];
  files.onEvent(agentId, {
    type: 'toolStarted',
    itemId,
    parentItemId: null,
    name: 'Edit',
    title: 'Edit',
    kind: 'edit',
    input: {},
    content,
  });
  files.onEvent(agentId, { type: 'toolEnded', itemId, status });
}

const counts = () => [one, two, three].map((id) => files.sharedBy(id));

test('a file that two agents write counts for both, however its path is given', () => {
  edits(one, '/shop/a.ts');
  assert.deepEqual(counts(), [0, 0, 0]);
  edits(two, 'a.ts');
  edits(two, 'b.ts');
  edits(three, 'a.ts');
  assert.deepEqual(counts(), [1, 1, 0]);
});

test('what was not written is no conflict', () => {
  edits(one, 'a.ts');
  for (const status of ['failed', 'denied', 'interrupted'] as const) edits(two, 'a.ts', status);
  assert.deepEqual(counts(), [0, 0, 0]);
});

test('a path that comes while the tool works, or at its end, counts as well', () => {
  edits(one, 'a.ts');
  const [early, late] = [newId<ItemId>(), newId<ItemId>()];
  const content = [{ type: 'diff' as const, path: 'a.ts', oldText: 'x', newText: 'y' }];
  files.onEvent(two, { type: 'toolProgressed', itemId: early, content });
  assert.equal(files.sharedBy(two), 0);
  files.onEvent(two, { type: 'toolEnded', itemId: early, status: 'ok' });
  assert.equal(files.sharedBy(two), 1);
  edits(one, 'a.ts');
  files.forget(two);
  assert.equal(files.sharedBy(one), 0);
  files.onEvent(two, { type: 'toolEnded', itemId: late, status: 'ok', content });
  assert.equal(files.sharedBy(one), 1);
});

test('an hour later it is forgotten', () => {
  edits(one, 'a.ts');
  clock.advance(recentMs);
  edits(two, 'a.ts');
  assert.deepEqual(counts(), [1, 1, 0]);
  clock.advance(1);
  assert.deepEqual(counts(), [0, 0, 0]);
});
