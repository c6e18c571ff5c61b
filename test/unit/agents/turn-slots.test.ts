import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { TurnSlots } from '../../../server/agents/turn-slots.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';

const [a, b, c, d] = [newId<AgentId>(), newId<AgentId>(), newId<AgentId>(), newId<AgentId>()];

let max: number;
/** Agents whose turn runs, in the order they began, and those with a prompt that waits. */
let running: AgentId[];
let prompts: Map<AgentId, number>;
let slots: TurnSlots;

beforeEach(() => {
  max = 2;
  running = [];
  prompts = new Map([a, b, c, d].map((id) => [id, 1]));
  slots = new TurnSlots({
    max: () => max,
    running: () => running.length,
    isReady: (id) => !running.includes(id) && (prompts.get(id) ?? 0) > 0,
    begin: (id) => begin(id),
  });
});

function begin(...ids: AgentId[]): void {
  for (const id of ids) {
    if (!slots.take(id)) continue;
    running.push(id);
    prompts.set(id, (prompts.get(id) ?? 0) - 1);
  }
}

/** The turn is over, and as a worker does, the agent goes on with its next prompt if it has one. */
async function end(id: AgentId): Promise<void> {
  running = running.filter((other) => other !== id);
  if ((prompts.get(id) ?? 0) > 0) begin(id);
  await looked();
}

async function looked(): Promise<void> {
  slots.look();
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('turns', () => {
  it('begin as many as may, and the others wait in the order they came', async () => {
    begin(a, b, c, d);
    assert.deepEqual([running, slots.counts()], [[a, b], { running: 2, waiting: 2, max: 2 }]);
    assert.deepEqual(
      [a, c, d].map((id) => slots.isWaiting(id)),
      [false, true, true],
    );
    await end(b);
    assert.deepEqual(running, [a, c]);
    await end(a);
    assert.deepEqual(running, [c, d]);
    assert.deepEqual(slots.counts().waiting, 0);
  });

  it('asked for again while they wait keep their place', async () => {
    begin(a, b, c, d, c, d, c);
    await end(a);
    assert.deepEqual(running, [b, c]);
  });

  it('of an agent with many prompts do not keep out the others', async () => {
    max = 1;
    prompts.set(a, 100);
    begin(a, b, c);
    const order: AgentId[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const [current] = running;
      assert.ok(current);
      order.push(current);
      await end(current);
    }
    assert.deepEqual(order, [a, b, c, a, a, a]);
  });

  it('that nobody wants any more give their place to the next', async () => {
    begin(a, b, c, d);
    prompts.set(c, 0);
    assert.deepEqual([slots.isWaiting(c), slots.counts().waiting], [false, 1]);
    await end(a);
    assert.deepEqual(running, [b, d]);
  });

  it('that do not begin when they may do not hold up the next', async () => {
    max = 1;
    begin(a);
    prompts.set(b, 1);
    begin(b, c);
    prompts.set(b, 0);
    running = [];
    begin(c);
    assert.deepEqual(running, [c]);
  });

  it('that vanish with a crash make room without anybody telling of each', async () => {
    begin(a, b, c, d);
    running = [];
    await looked();
    assert.deepEqual(running, [c, d]);
  });
});

describe('another bound', () => {
  it('that is higher lets those begin that wait', async () => {
    begin(a, b, c, d);
    max = 3;
    await looked();
    assert.deepEqual([running, slots.isWaiting(d)], [[a, b, c], true]);
  });

  it('that is lower lets the turns end that run, and begins none until then', async () => {
    begin(a, b, c);
    max = 1;
    await end(a);
    assert.deepEqual(running, [b]);
    await end(b);
    assert.deepEqual(running, [c]);
  });
});

it('turns that an agent began by itself count, even beyond the bound', async () => {
  running = [a, b, c];
  begin(d);
  assert.deepEqual(slots.counts(), { running: 3, waiting: 1, max: 2 });
  await end(a);
  assert.deepEqual(running, [b, c]);
  await end(b);
  assert.deepEqual(running, [c, d]);
});
