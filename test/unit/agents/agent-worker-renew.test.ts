/** An agent's worker when the backend ends what runs, to start it anew for what waits. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { refused, settled, WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
const session = newId<SessionId>();

beforeEach(() => {
  world = new WorkerWorld();
});

describe('being ended for another start', () => {
  it('goes on with what waits, and the turn that ran is not given again', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.worker.wake();
    await settled();
    const turn = world.beginTurn(session, first.id);
    const renewed = world.worker.renew();
    turn.end();
    await renewed;
    await settled();
    assert.deepEqual([world.prompted(), world.starts, world.failed], [[first.id, second.id], 2, []]);
  });

  it('gives a prompt again that was on its way and had not begun', async () => {
    const prompt = world.addPrompt();
    world.hold('run/prompt');
    world.worker.wake();
    await settled();
    world.release();
    await world.worker.renew();
    await settled();
    assert.deepEqual([world.prompted(), world.starts, world.failed], [[prompt.id, prompt.id], 2, []]);
  });

  it('while the sidecar comes up: what waited for it goes on in the next one', async () => {
    const prompt = world.addPrompt();
    const coming = Promise.withResolvers<void>();
    world.startRun = () => coming.promise;
    world.worker.wake();
    await settled();
    await world.worker.renew();
    world.startRun = undefined;
    coming.reject(refused('agentFailed', 'The sidecar did not come up.'));
    await settled();
    assert.deepEqual([world.prompted(), world.failed], [[prompt.id], []]);
  });

  it('with nothing that waits it sleeps, and its mail wakes it', async () => {
    await world.worker.start(session);
    await world.worker.renew();
    await settled();
    assert.deepEqual([world.run, world.worker.status.isAsleep, world.starts], [undefined, true, 1]);
    world.mail.push('hello');
    world.worker.mailArrived();
    await settled();
    assert.deepEqual([world.starts, world.worker.status.isAsleep], [2, false]);
  });

  it('starts nothing when a person stops it meanwhile', async () => {
    await world.worker.start(session);
    world.addPrompt();
    const renewed = world.worker.renew();
    await world.worker.stop();
    await renewed;
    await settled();
    assert.deepEqual([world.run, world.starts], [undefined, 1]);
  });
});
