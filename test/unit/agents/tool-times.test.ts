import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBelow, slackMs, ToolTimes } from '../../../server/agents/tool-times.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ItemId } from '../../../server/protocol/ids.ts';

const agentId = newId<AgentId>();
const begun = { agentId, folder: '/shop', paths: [], at: 100_000 } as const;
const at = (from: number, to = from) => ({ from, to });

test('a command may have written any file of its folder while it ran, give or take what clocks differ', () => {
  const times = new ToolTimes();
  const itemId = newId<ItemId>();
  times.begin({ ...begun, itemId, kind: 'execute' });
  times.end(itemId, 200_000);
  const written = [99_000, 150_000, 201_000].map((moment) => times.mayHaveWritten('/shop/src/a.ts', at(moment)));
  assert.deepEqual(written, [true, true, true]);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(100_000 - slackMs - 1)), false);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(200_000 + slackMs + 1)), false);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(50_000, 150_000)), true);
  assert.equal(times.mayHaveWritten('/bank/a.ts', at(150_000)), false);
});

test('an edit writes what it says, and what only looks writes nothing', () => {
  const times = new ToolTimes();
  const itemId = newId<ItemId>();
  times.begin({ ...begun, itemId, kind: 'edit' });
  assert.equal(times.mayHaveWritten('/shop/b.ts', at(150_000)), true, 'it has not said yet');
  times.writes(itemId, ['/shop/a.ts']);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(150_000)), true);
  assert.equal(times.mayHaveWritten('/shop/b.ts', at(150_000)), false);
  const looking = new ToolTimes();
  for (const kind of ['read', 'search', 'think', 'fetch'] as const) looking.begin({ ...begun, itemId: newId<ItemId>(), kind });
  assert.equal(looking.mayHaveWritten('/shop/a.ts', at(150_000)), false);
});

test('what waits for an answer is not at work before it, and what lost its program is not after that', () => {
  const times = new ToolTimes();
  const itemId = newId<ItemId>();
  times.begin({ ...begun, itemId, kind: 'execute' });
  times.waits(itemId);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(150_000)), false);
  times.goesOn(agentId, 160_000);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(170_000)), true);
  times.endAll(agentId, 180_000);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(190_000)), false);
  times.forget(agentId);
  assert.equal(times.mayHaveWritten('/shop/a.ts', at(170_000)), false);
});

test('a file is below a folder only when it is', () => {
  const below = ['/shop/a', '/shop/..a/b', '/shop', '/shopping/a', '/a'].map((file) => isBelow('/shop', file));
  assert.deepEqual(below, [true, true, false, false, false]);
});
