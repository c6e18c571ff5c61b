/** An agent's worker when someone stops, pauses, removes or restarts the agent, or its turns end in odd ways. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { ids } from '../../support/transcripts.ts';
import { refused, settled, WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
const session = newId<SessionId>();

beforeEach(() => {
  world = new WorkerWorld();
});

describe('stopping', () => {
  it('ends what runs, and what waits stays until someone wants the agent again', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.worker.wake();
    await settled();
    const turn = world.beginTurn(session, first.id);
    const stopped = world.worker.stop();
    turn.end();
    await stopped;
    world.worker.deliver();
    await settled();
    assert.deepEqual([world.prompted(), world.run, world.starts], [[first.id], undefined, 1]);
    assert.deepEqual([world.worker.status.offline, world.worker.status.hasTurn], [undefined, false]);
    world.worker.wake();
    await settled();
    assert.deepEqual(world.prompted(), [first.id, second.id]);
  });

  it('fails the prompt that was given and not begun', async () => {
    const prompt = world.addPrompt();
    world.hold('run/prompt');
    world.worker.wake();
    await settled();
    await world.worker.stop();
    await settled();
    assert.deepEqual(world.failed, [{ id: prompt.id, message: 'The agent was stopped.', how: 'crashed' }]);
  });

  it('while the sidecar comes up: nothing is started after it, and it is no failure of the agent', async () => {
    const [first] = [world.addPrompt(), world.addPrompt()];
    const coming = Promise.withResolvers<void>();
    world.startRun = () => coming.promise;
    world.worker.wake();
    await settled();
    await world.worker.stop();
    coming.reject(refused('agentFailed', 'The sidecar did not come up.'));
    await settled();
    assert.deepEqual(world.failed, [{ id: first.id, message: 'The agent was stopped while it started.', how: 'failed' }]);
    assert.deepEqual([world.starts, world.queue.length, world.worker.status.failure], [1, 1, undefined]);
  });

  it('while the program comes up: whoever asked for the start is told', async () => {
    world.hold('run/open');
    const start = world.worker.start(session);
    await settled();
    await world.worker.stop();
    await assert.rejects(start, { code: 'cancelled', message: /stopped while it started/ });
    assert.deepEqual([world.run, world.worker.status.isStarting], [undefined, false]);
  });

  it('and starting again at once is a start of its own', async () => {
    const coming = Promise.withResolvers<void>();
    world.startRun = () => coming.promise;
    const first = assert.rejects(world.worker.start(session), { code: 'cancelled' });
    await settled();
    await world.worker.stop();
    world.startRun = undefined;
    const second = world.worker.start(session);
    coming.reject(refused('agentFailed'));
    await Promise.all([first, second]);
    assert.deepEqual([world.starts, world.worker.status.isUp, world.worker.status.failure], [2, true, undefined]);
  });
});

describe('sleeping', () => {
  it('ends what runs, and says so until its next prompt wakes it', async () => {
    await world.worker.start(session);
    await world.worker.sleep();
    assert.deepEqual([world.run, world.worker.status.isAsleep, world.worker.status.offline], [undefined, true, undefined]);
    const prompt = world.addPrompt(session);
    world.worker.wake();
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.isAsleep], [[prompt.id], false]);
  });

  it('is over when a person stops the agent, and known of an earlier backend', async () => {
    world = new WorkerWorld(undefined, true);
    assert.equal(world.worker.status.isAsleep, true);
    await world.worker.stop();
    assert.equal(world.worker.status.isAsleep, false);
  });
});

describe('removing', () => {
  it('lets nothing start any more, whoever wants it', async () => {
    world.attach();
    await world.worker.retire();
    world.addPrompt();
    world.worker.wake();
    await assert.rejects(world.worker.start(session), { code: 'cancelled' });
    await settled();
    assert.deepEqual([world.starts, world.run], [0, undefined]);
  });

  it('that failed leaves an agent that can be started', async () => {
    await world.worker.retire();
    world.worker.reinstate();
    await world.worker.start(session);
    assert.equal(world.worker.status.isUp, true);
  });

  it('asks for nothing of an agent that is gone, also later', async () => {
    world.addPrompt();
    world.hold('run/prompt');
    world.worker.wake();
    await settled();
    await world.worker.retire();
    Object.defineProperty(world, 'record', {
      get: () => {
        throw refused('notFound', 'That agent was removed.');
      },
    });
    world.last('run/prompt').settle.reject(refused('unavailable'));
    await settled();
    world.worker.deliver();
  });
});

describe('a turn', () => {
  it('that the agent begins by itself does not pass for that of the prompt which was given', async () => {
    const prompt = world.addPrompt(session);
    world.hold('run/prompt');
    world.worker.wake();
    await settled();
    const own = world.beginTurn(session);
    world.last('run/prompt').settle.reject(refused('conflict', 'Another turn runs.'));
    await settled();
    assert.deepEqual([world.failed, world.queue.length], [[], 1]);
    world.release();
    own.end();
    await settled();
    assert.deepEqual(world.prompted(), [prompt.id, prompt.id]);
  });

  it('is not ended by what is told late of an earlier one', () => {
    world.beginTurn(session);
    world.endTurn(session, ids.turn());
    assert.equal(world.worker.status.turnSession, session);
  });

  it('keeps its session when the agent is started for another one meanwhile', async () => {
    const prompt = world.addPrompt(session);
    world.worker.wake();
    await settled();
    world.beginTurn(session, prompt.id);
    await world.worker.start(newId<SessionId>());
    assert.equal(world.of('run/open').length, 1);
  });

  it('that ran when an earlier backend ended is waited for, and over when its sidecar is gone', async () => {
    const turnId = ids.turn();
    world = new WorkerWorld({ sessionId: session, turnId });
    world.addPrompt(session);
    world.attach({ sessionId: session, turnId });
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.turnSession], [[], session]);
    world.endTurn(session, turnId);
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('that a sidecar runs which came back counts before its beginning has arrived', async () => {
    const turnId = ids.turn();
    world.addPrompt(session);
    world.attach({ sessionId: session, turnId });
    await settled();
    assert.deepEqual(world.prompted(), []);
    world.endTurn(session, turnId);
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('that nobody can end any more no longer holds up the prompts', async () => {
    world = new WorkerWorld({ sessionId: session, turnId: ids.turn() });
    world.addPrompt(session);
    world.worker.onTurnLost();
    world.worker.deliver();
    await settled();
    assert.equal(world.prompted().length, 1);
  });

  it('is interrupted by its sidecar, and none that runs is nothing to interrupt', async () => {
    assert.equal(await world.worker.interrupt(), false);
    world.attach();
    world.beginTurn(session);
    assert.equal(await world.worker.interrupt(), true);
    assert.equal(world.of('run/interrupt').length, 1);
    world.breakLink();
    await assert.rejects(world.worker.interrupt(), { code: 'unavailable' });
  });

  it('of an agent that was paused while its sidecar was away is interrupted when it is back', async () => {
    world.attach();
    world.beginTurn(session);
    world.breakLink();
    world.record = { ...world.record, paused: true };
    world.attach({ sessionId: session });
    await settled();
    assert.equal(world.of('run/interrupt').length, 1);
  });
});

describe('a program that ends by itself', () => {
  const ended = { programPid: null, programVersion: null, detail: 'It ended with code 1.' };

  it('and that its sidecar gives up has its prompts wait until a person starts it', async () => {
    await world.worker.start(session);
    world.worker.onProgram({ ...ended, decision: 'giveUp' });
    const prompt = world.addPrompt(session);
    world.worker.wake();
    await settled();
    assert.deepEqual([world.prompted(), world.worker.isReady], [[], false]);
    await world.worker.start(session);
    await settled();
    assert.deepEqual(world.prompted(), [prompt.id]);
  });

  it('has its session opened anew for the next prompt', async () => {
    const first = world.addPrompt(session);
    world.worker.wake();
    await settled();
    world.beginTurn(session, first.id).end();
    world.worker.onProgram(ended);
    assert.deepEqual(world.worker.status.offline, { detail: 'It ended with code 1.', decision: 'offline' });
    world.addPrompt(session);
    world.worker.wake();
    await settled();
    assert.deepEqual([world.of('run/open').length, world.starts, world.worker.status.offline], [2, 1, undefined]);
  });
});
