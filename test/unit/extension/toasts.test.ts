import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type Telling, Toasts } from '../../../extension/toasts.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import { sampleApproval } from '../../support/protocol-samples.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

function subject() {
  const open = new Map<string, Approval>();
  const shown: { ids: string[]; close: () => void }[] = [];
  const state: { telling: Telling } = { telling: 'tell' };
  const toasts = new Toasts<Approval>({
    find: (id) => open.get(id),
    decide: async () => state.telling,
    show: (approvals) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      shown.push({ ids: approvals.map(({ id }) => id), close: resolve });
      return promise;
    },
  });
  const add = (...approvals: Approval[]) => {
    for (const approval of approvals) open.set(approval.id, approval);
    toasts.add(approvals);
  };
  return { open, shown, state, toasts, add };
}

test('questions that come together make one message', async () => {
  const { add, shown } = subject();
  const [first, second] = [sampleApproval(), sampleApproval()];
  add(first);
  add(second);
  await pass(500);
  assert.deepEqual(
    shown.map(({ ids }) => ids),
    [[first.id, second.id]],
  );
});

test('a question that comes while a message is on the screen is told when that is gone', async () => {
  const { add, shown } = subject();
  const later = sampleApproval();
  add(sampleApproval());
  await pass(500);
  add(later);
  await pass(500);
  assert.equal(shown.length, 1);
  shown[0]?.close();
  await pass(0);
  await pass(500);
  assert.deepEqual(shown[1]?.ids, [later.id]);
});

test('a message that nobody answers holds up the next one for a minute only', async () => {
  const { add, shown } = subject();
  const later = sampleApproval();
  add(sampleApproval());
  await pass(500);
  add(later);
  await pass(60_000);
  await pass(500);
  assert.deepEqual(shown[1]?.ids, [later.id]);
});

test('what another window may tell waits until this one is looked at, if it is still open then', async () => {
  const { add, open, shown, state, toasts } = subject();
  const [answered, waiting] = [sampleApproval(), sampleApproval()];
  state.telling = 'wait';
  add(answered, waiting);
  await pass(500);
  assert.equal(shown.length, 0);
  open.delete(answered.id);
  state.telling = 'tell';
  toasts.look();
  await pass(500);
  assert.deepEqual(shown[0]?.ids, [waiting.id]);
});

test('what is in sight is not told, then or later', async () => {
  const { add, shown, state, toasts } = subject();
  state.telling = 'drop';
  add(sampleApproval());
  await pass(500);
  state.telling = 'tell';
  toasts.look();
  await pass(500);
  assert.equal(shown.length, 0);
});

/** Lets the time pass, and all promises go on. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await new Promise((resolve) => setImmediate(resolve));
}
