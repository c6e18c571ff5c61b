import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { recentMs, WrittenFiles } from '../../../server/agents/written-files.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent, ToolContent, ToolStatus } from '../../../server/protocol/agent-event.ts';
import type { AgentId, ApprovalId, ItemId } from '../../../server/protocol/ids.ts';
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
  tell(agentId, { ...tool, itemId, kind: 'edit', content });
  tell(agentId, { type: 'toolEnded', itemId, status });
}

const tool = {
  ...({ type: 'toolStarted', parentItemId: null, name: 'Tool', title: 'Tool', input: {} } as const),
  content: [] as ToolContent[], // What is empty has no type of its own.
};
const tell = (agentId: AgentId, event: AgentEvent) => files.onEvent(agentId, event, clock.now());
const count = (id: AgentId) => files.conflictsOf(id).length;
const counts = () => [one, two, three].map(count);

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
  tell(two, { type: 'toolProgressed', itemId: early, content });
  assert.equal(count(two), 0);
  tell(two, { type: 'toolEnded', itemId: early, status: 'ok' });
  assert.equal(count(two), 1);
  edits(one, 'a.ts');
  files.forget(two);
  assert.equal(count(one), 0);
  tell(two, { type: 'toolEnded', itemId: late, status: 'ok', content });
  assert.equal(count(one), 1);
});

test('an hour later it is forgotten', () => {
  edits(one, 'a.ts');
  clock.advance(recentMs);
  edits(two, 'a.ts');
  assert.deepEqual(counts(), [1, 1, 0]);
  clock.advance(1);
  assert.deepEqual(counts(), [0, 0, 0]);
});

/** A look at a file of the shop, which was last changed at the moment given, now or earlier. */
function look(path: string, changedAt: number, { isSaved = false, size = 10 } = {}): void {
  const state = { mtimeMs: changedAt, ctimeMs: changedAt, size };
  files.looked(`/shop/${path}`, { at: clock.now(), state }, isSaved);
}

const farMs = 10_000;
const conflict = (id: AgentId) => files.conflictsOf(id)[0];

test("what is found as the agent left it is no conflict, and the agent's next write is none either", () => {
  edits(one, 'a.ts');
  look('a.ts', clock.now());
  clock.advance(farMs);
  edits(one, 'a.ts');
  look('a.ts', clock.now());
  assert.deepEqual(counts(), [0, 0, 0]);
});

test('a change by nobody who is known is a conflict of all who wrote the file, until they read it', () => {
  let told = 0;
  files.changed.on(() => {
    told += 1;
  });
  edits(one, 'a.ts');
  look('a.ts', clock.now());
  clock.advance(farMs);
  look('a.ts', clock.now());
  assert.deepEqual(files.conflictsOf(one), [
    { path: '/shop/a.ts', otherAgents: [], changedElsewhereAt: clock.now(), isWrittenOver: false },
  ]);
  assert.equal(told, 1);
  const itemId = newId<ItemId>();
  tell(one, { ...tool, itemId, kind: 'read', input: { file_path: '/shop/a.ts' } });
  tell(one, { type: 'toolEnded', itemId, status: 'ok' });
  assert.deepEqual(counts(), [0, 0, 0]);
});

test('an agent that writes over what somebody else did stays in conflict, even when it reads the file then', () => {
  edits(one, 'a.ts');
  clock.advance(farMs);
  look('a.ts', clock.now());
  clock.advance(farMs);
  edits(one, 'a.ts');
  const itemId = newId<ItemId>();
  tell(one, { ...tool, itemId, kind: 'read', input: { path: 'a.ts' } });
  tell(one, { type: 'toolEnded', itemId, status: 'ok' });
  assert.equal(conflict(one)?.isWrittenOver, true);
  clock.advance(recentMs + 1);
  assert.deepEqual(counts(), [0, 0, 0]);
});

test('an agent that only read the file writes over what was done to it since', () => {
  const itemId = newId<ItemId>();
  tell(one, { ...tool, itemId, kind: 'read', input: { path: 'a.ts' } });
  tell(one, { type: 'toolEnded', itemId, status: 'ok' });
  assert.deepEqual(files.dueLooks(9), [], 'what nobody writes is not looked at');
  clock.advance(farMs);
  const savedAt = clock.now();
  clock.advance(farMs);
  const wanted: string[] = [];
  files.worthALook.on((path) => void wanted.push(path));
  const [write] = [newId<ItemId>()];
  tell(one, { ...tool, itemId: write, kind: 'edit', content: [{ type: 'diff', path: 'a.ts', oldText: null, newText: 'x' }] });
  assert.deepEqual(wanted, ['/shop/a.ts']);
  look('a.ts', savedAt);
  assert.deepEqual(counts(), [0, 0, 0], 'it has not written yet');
  tell(one, { type: 'toolEnded', itemId: write, status: 'ok' });
  assert.equal(conflict(one)?.isWrittenOver, true);
});

test('a change while a command of an agent of that project runs is taken for its own, unless a window says otherwise', () => {
  edits(one, 'a.ts');
  look('a.ts', clock.now());
  const itemId = newId<ItemId>();
  tell(two, { ...tool, itemId, kind: 'execute' });
  clock.advance(farMs);
  look('a.ts', clock.now());
  assert.deepEqual(counts(), [0, 0, 0]);
  clock.advance(farMs);
  look('a.ts', clock.now(), { isSaved: true });
  assert.deepEqual(counts(), [1, 0, 0]);
});

test('an agent that asks the person first writes nothing while it waits', () => {
  edits(one, 'a.ts');
  look('a.ts', clock.now());
  const itemId = newId<ItemId>();
  tell(one, { ...tool, itemId, kind: 'execute' });
  const request = {
    title: '',
    toolName: '',
    toolKind: 'execute',
    command: null,
    cwd: null,
    resolved: null,
    content: [],
    reason: null,
    decisions: [],
  } as const;
  tell(one, {
    type: 'permissionAsked',
    approvalId: newId<ApprovalId>(),
    toolItemId: itemId,
    request: { ...request, content: [], decisions: [] },
  });
  clock.advance(farMs);
  look('a.ts', clock.now());
  assert.deepEqual(counts(), [1, 0, 0]);
  assert.equal(files.settle(one, undefined), 1);
  clock.advance(farMs);
  files.answered(one);
  clock.advance(farMs);
  look('a.ts', clock.now());
  assert.deepEqual(counts(), [0, 0, 0]);
});

test('a file that is gone, or that an older copy was put in the place of, was changed', () => {
  for (const path of ['a.ts', 'b.ts']) edits(one, path);
  const writtenAt = clock.now();
  for (const path of ['a.ts', 'b.ts']) look(path, writtenAt);
  clock.advance(farMs);
  files.looked('/shop/a.ts', { at: clock.now(), state: 'missing' }, false);
  files.looked('/shop/b.ts', { at: clock.now(), state: { mtimeMs: 5, ctimeMs: clock.now(), size: 3 } }, false);
  assert.deepEqual(counts(), [2, 0, 0]);
});

test('what a person has seen to is no conflict until it happens again', () => {
  for (const path of ['a.ts', 'b.ts']) for (const id of [one, two]) edits(id, path);
  clock.advance(1);
  assert.equal(files.conflictCount([one, two]), 2);
  assert.equal(files.settle(one, '/shop/a.ts'), 1);
  assert.deepEqual(counts(), [1, 2, 0]);
  assert.equal(files.settle(one, undefined), 1);
  clock.advance(1);
  edits(one, 'a.ts');
  assert.deepEqual(counts(), [0, 2, 0]);
  edits(two, 'a.ts');
  assert.deepEqual(counts(), [1, 2, 0]);
});

test('only what was written lately inside the project is looked at, what waited longest first, and no more than asked for', () => {
  for (const path of ['a.ts', 'b.ts', 'c.ts', '/etc/hosts', '../bank/a.ts']) edits(one, path);
  assert.deepEqual(files.dueLooks(2), ['/shop/a.ts', '/shop/b.ts']);
  clock.advance(5);
  look('a.ts', clock.now());
  assert.deepEqual(files.dueLooks(9), ['/shop/b.ts', '/shop/c.ts', '/shop/a.ts']);
  clock.advance(recentMs);
  assert.deepEqual(files.dueLooks(9), []);
});
