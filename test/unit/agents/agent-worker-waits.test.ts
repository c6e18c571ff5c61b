/** An agent's worker while something keeps it from going on: a crash that is waited out, or no place for its turn. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { settled, WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
const session = newId<SessionId>();

beforeEach(() => {
  world = new WorkerWorld();
});

function deliver(): Promise<void> {
  world.worker.wake();
  return settled();
}

describe('a sidecar that crashes', () => {
  /** As the restarts see it before the worker does. */
  const crash = () => {
    world.isHeldBack = true;
    world.gone({ wasStopped: false });
  };
  const restart = async () => {
    world.release();
    world.isHeldBack = false;
    await world.worker.start(session);
    await settled();
  };

  it('while a session opens leaves its prompt waiting for the restart', async () => {
    const prompt = world.addPrompt(session);
    world.hold('run/open');
    await deliver();
    crash();
    await settled();
    assert.deepEqual([world.failed, world.queue.length, world.starts], [[], 1, 1]);
    await restart();
    assert.deepEqual([world.prompted(), world.starts], [[prompt.id], 2]);
  });

  it('fails the prompt that was given and may have begun, and keeps those behind it', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.hold('run/prompt');
    await deliver();
    crash();
    await settled();
    assert.deepEqual(world.failed, [{ id: first.id, message: 'The sidecar is gone: it ended with code 1', how: 'crashed' }]);
    assert.deepEqual([world.queue.length, world.starts], [1, 1]);
    await restart();
    assert.deepEqual(world.prompted(), [first.id, second.id]);
  });

  it('has prompts wait that come meanwhile', async () => {
    world.attach();
    crash();
    world.addPrompt(session);
    await deliver();
    assert.deepEqual([world.starts, world.failed, world.worker.isReady], [0, [], false]);
    await restart();
    assert.equal(world.prompted().length, 1);
  });
});

describe('without a place for its turn', () => {
  beforeEach(() => {
    world.hasRoom = false;
  });

  it('a prompt waits, and starts nothing', async () => {
    world.addPrompt(session);
    await deliver();
    assert.deepEqual([world.starts, world.worker.isReady, world.worker.isBusy], [0, true, false]);
    world.hasRoom = true;
    world.worker.deliver();
    assert.equal(world.worker.isBusy, true, 'its place is taken from the first moment');
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('nothing is ready of an agent that is paused, stopped, or has nothing to do', async () => {
    assert.equal(world.worker.isReady, false);
    world.addPrompt(session);
    world.record = { ...world.record, paused: true };
    assert.equal(world.worker.isReady, false);
    world.record = { ...world.record, paused: false };
    await world.worker.stop();
    assert.equal(world.worker.isReady, false);
  });
});
