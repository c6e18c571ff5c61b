/** The life of tool calls that a conversation's recorded lines do not show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import { ToolCalls } from '../../../../../server/sidecar/adapters/claude/tool-calls.ts';

const newCalls = () => new ToolCalls({ newId, around: { projectDir: '/srv/shop', readText: () => null } });
const use = (id: string) => ({ id, name: 'Bash', input: { command: 'true' }, parent: null });
const result = (id: string) => ({ id, content: 'done', isError: false, meta: undefined, originalFile: undefined, interrupting: false });

test('a call that ended ends once, does not begin again, and can still be named', () => {
  const calls = newCalls();
  calls.started(use('a'));
  const itemId = calls.itemIdOf('a');
  assert.equal(calls.ended(result('a')).length, 1);
  assert.deepEqual(
    [calls.ended(result('a')), calls.started(use('a')), calls.announced('a', 'Bash'), calls.progressed('a', 'x'), calls.endAll()],
    [[], [], [], [], []],
  );
  assert.equal(calls.itemIdOf('a'), itemId);
});

test('of the calls of a long run only the newest are remembered', () => {
  const calls = newCalls();
  for (let count = 0; count <= 1_000; count += 1) {
    calls.started(use(`${count}`));
    calls.ended(result(`${count}`));
  }
  assert.equal(calls.itemIdOf('0'), null);
  assert.notEqual(calls.itemIdOf('1'), null);
});
