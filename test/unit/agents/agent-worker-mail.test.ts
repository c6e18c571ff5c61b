/** Mail as a turn of its own: when an agent may be given it, and what becomes of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { MessageId } from '../../../server/protocol/ids.ts';
import { settled, WorkerWorld } from '../../support/worker-world.ts';

async function idleWorld(): Promise<WorkerWorld> {
  const world = new WorkerWorld();
  await world.worker.start(world.mailSession);
  await settled();
  return world;
}

describe('mail for an agent', () => {
  it('begins a turn at once when it is idle', async () => {
    const world = await idleWorld();
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    assert.deepEqual(
      world.of('run/prompt').map(({ text }) => text),
      ['One.'],
    );
  });

  it('is told to its sidecar, which answers hooks from what it knows', async () => {
    const world = await idleWorld();
    world.worker.mailArrived();
    assert.equal(world.of('run/mailChanged').length, 1);
  });

  it('waits for the end of the turn that runs, and then begins one', async () => {
    const world = await idleWorld();
    const { end } = world.beginTurn(world.mailSession);
    world.mail.push('One.', 'Two.');
    world.worker.mailArrived();
    await settled();
    assert.deepEqual(world.prompted(), []);
    end();
    await settled();
    assert.deepEqual(
      world.of('run/prompt').map(({ text }) => text),
      ['One.\nTwo.'],
    );
  });

  it('goes behind a prompt of the person', async () => {
    const world = await idleWorld();
    world.mail.push('One.');
    const prompt = world.addPrompt(world.mailSession);
    world.worker.deliver();
    await settled();
    assert.deepEqual(world.prompted(), [prompt.id]);
  });

  it('is not made a prompt before there is a place for its turn', async () => {
    const world = await idleWorld();
    world.hasRoom = false;
    world.mail.push('One.');
    world.worker.mailArrived();
    assert.deepEqual([world.mail.length, world.queue.length, world.worker.isReady], [1, 0, true]);
    world.hasRoom = true;
    world.worker.deliver();
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('wakes an agent that sleeps, and one that ended without a person’s wish', async () => {
    for (const isAsleep of [true, false]) {
      const world = new WorkerWorld(undefined, isAsleep, true);
      world.mail.push('One.');
      world.worker.mailArrived();
      await settled();
      assert.deepEqual([world.starts, world.prompted().length], [1, 1]);
    }
  });

  it('does not start an agent that never ran', async () => {
    const world = new WorkerWorld();
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    assert.deepEqual([world.starts, world.worker.hasMail, world.mail.length], [0, false, 1]);
  });

  it('does not start an agent that a person stopped, and comes when the agent is started', async () => {
    const world = await idleWorld();
    await world.worker.stop();
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    assert.equal(world.prompted().length, 0);
    await world.worker.start(world.mailSession);
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('waits while the agent is paused', async () => {
    const world = await idleWorld();
    world.record = { ...world.record, paused: true };
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    assert.equal(world.prompted().length, 0);
  });

  it('is taken back when its session has it already, and nothing runs then', async () => {
    const world = await idleWorld();
    world.hold('run/prompt');
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    world.last('run/prompt').settle.resolve({ given: [newId<MessageId>()] });
    await settled();
    assert.deepEqual([world.queue.length, world.worker.isBusy], [0, false]);
  });

  it('is tried again a second later when the disk does not take it, although each try is told as news of it', async () => {
    const world = await idleWorld();
    let tries = 0;
    world.onMail = () => {
      tries += 1;
      queueMicrotask(() => world.worker.mailArrived());
      throw new Error('the disk is full');
    };
    world.mail.push('One.');
    world.worker.mailArrived();
    await settled();
    assert.deepEqual([tries, world.worker.isReady], [1, false]);
    world.onMail = undefined;
    world.clock.advance(1_000);
    await settled();
    assert.deepEqual(
      world.of('run/prompt').map(({ text }) => text),
      ['One.'],
    );
  });
});
