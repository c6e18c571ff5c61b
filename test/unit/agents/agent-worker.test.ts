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

function deliver(): Promise<void> {
  world.worker.wake();
  return settled();
}

describe('a prompt', () => {
  it('starts the sidecar, opens its session and is given once, however often it is asked for', async () => {
    const prompt = world.addPrompt();
    await Promise.all([deliver(), deliver(), deliver()]);
    assert.equal(world.starts, 1);
    assert.deepEqual(
      world.of('run/open').map(({ sessionId }) => sessionId),
      [prompt.sessionId],
    );
    assert.deepEqual(world.prompted(), [prompt.id]);
    assert.equal(world.worker.status.hasTurn, true);
  });

  it('waits for the turn of the one before', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    await deliver();
    const turn = world.beginTurn(session, first.id);
    await deliver();
    assert.deepEqual(world.prompted(), [first.id]);
    turn.end();
    await settled();
    assert.deepEqual(world.prompted(), [first.id, second.id]);
    assert.equal(world.of('run/open').length, 1, 'the session stays open');
  });

  it('is given even if the turn before it ended before it was acknowledged', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.hold('run/prompt');
    await deliver();
    world.beginTurn(session, first.id).end();
    await settled();
    assert.deepEqual(world.prompted(), [first.id]);
    world.last('run/prompt').settle.resolve({});
    await settled();
    assert.deepEqual(world.prompted(), [first.id, second.id]);
  });

  it('of another session opens that first', async () => {
    const [first, second] = [world.addPrompt(), world.addPrompt()];
    await deliver();
    world.beginTurn(first.sessionId, first.id).end();
    await settled();
    assert.deepEqual(
      world.requests.map(({ method }) => method),
      ['run/open', 'run/prompt', 'run/open', 'run/prompt'],
    );
    assert.equal(world.of('run/open')[1]?.sessionId, second.sessionId);
  });

  it('waits while the agent is paused, also when that comes while it starts', async () => {
    world.addPrompt();
    world.hold('run/open');
    await deliver();
    world.record = { ...world.record, paused: true };
    world.last('run/open').settle.resolve({ capabilities: null, programPid: null, programVersion: null });
    await settled();
    assert.deepEqual(world.prompted(), []);
    world.record = { ...world.record, paused: false };
    await deliver();
    assert.equal(world.prompted().length, 1);
  });

  it('that was taken back while the agent starts is not given', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.hold('run/open');
    await deliver();
    world.queue = world.queue.filter(({ id }) => id !== first.id);
    world.release();
    world.last('run/open').settle.resolve({ capabilities: null, programPid: null, programVersion: null });
    await settled();
    assert.deepEqual(world.prompted(), [second.id]);
  });

  it('whose turn a sidecar that came back has told of meanwhile is not given again', async () => {
    const prompt = world.addPrompt(session);
    world.hold('run/open');
    await deliver();
    world.beginTurn(session, prompt.id).end();
    world.last('run/open').settle.resolve({ capabilities: null, programPid: null, programVersion: null });
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.hasTurn], [[], false]);
  });
});

describe('a start that fails', () => {
  it('fails each prompt that waits with its reason, and leaves nothing running', async () => {
    const prompts = [world.addPrompt(), world.addPrompt()];
    world.startRun = () => Promise.reject(refused('agentFailed', 'No such program.'));
    await deliver();
    assert.deepEqual(
      world.failed,
      prompts.map(({ id }) => ({ id, message: 'No such program.', how: 'failed' })),
    );
    assert.deepEqual([world.starts, world.run, world.worker.status.isStarting], [2, undefined, false]);
    assert.equal(world.worker.status.failure, 'No such program.');
  });

  it('in the program ends the sidecar too', async () => {
    const prompt = world.addPrompt();
    world.hold('run/open');
    await deliver();
    world.last('run/open').settle.reject(refused('agentFailed'));
    await settled();
    assert.deepEqual(world.failed, [{ id: prompt.id, message: 'The program could not be started.', how: 'failed' }]);
    assert.equal(world.run, undefined);
  });

  it('is forgotten by the next one, which works', async () => {
    world.startRun = () => Promise.reject(refused('agentFailed'));
    await assert.rejects(world.worker.start(session), { code: 'agentFailed' });
    world.startRun = undefined;
    await world.worker.start(session);
    assert.deepEqual([world.worker.status.failure, world.worker.status.isUp], [undefined, true]);
  });

  it('does not use up the prompts that wait, when a person asked for it', async () => {
    world.startRun = async () => {
      world.run = undefined;
      world.worker.onGone({ agentId: world.record.id, runId: newId(), wasStopped: false, detail: 'it ended', crash: null });
      throw refused('agentFailed');
    };
    world.addPrompt();
    world.worker.stop();
    await assert.rejects(world.worker.start(session), { code: 'agentFailed' });
    await settled();
    assert.deepEqual([world.failed, world.queue.length], [[], 1]);
  });

  it('keeps a prompt whose failure cannot be written down, without trying over and over', async () => {
    world.addPrompt();
    world.startRun = () => Promise.reject(refused('storage', 'The disk is full.'));
    world.failPrompt = () => {
      throw refused('storage', 'The disk is full.');
    };
    await deliver();
    await settled();
    assert.deepEqual([world.queue.length, world.starts], [1, 1]);
    world.failPrompt = undefined;
    await deliver();
    assert.equal(world.failed.length, 1);
  });

  it('is the same for all who asked for it', async () => {
    world.startRun = () => Promise.reject(refused('agentFailed'));
    const both = await Promise.allSettled([world.worker.start(session), world.worker.start(session)]);
    assert.deepEqual([both.map(({ status }) => status), world.starts], [['rejected', 'rejected'], 1]);
  });
});

describe('an agent whose key is missing', () => {
  beforeEach(() => {
    world.record = { ...world.record, credentials: 'environment' };
  });

  it('keeps its prompts until a start brings the key, which is then given on', async () => {
    const prompt = world.addPrompt(session);
    await deliver();
    assert.deepEqual([world.starts, world.failed], [0, []]);
    assert.match(world.worker.status.lackingCredentials ?? '', /key/);
    await assert.rejects(world.worker.start(session), { code: 'needsCredentials' });
    world.worker.keys.give({});
    world.worker.keys.give({ KEY: 's' });
    await world.worker.start(session);
    await settled();
    assert.deepEqual(world.of('run/open')[0]?.secrets, { KEY: 's' });
    assert.deepEqual([world.prompted(), world.worker.status.lackingCredentials], [[prompt.id], undefined]);
  });

  it('needs none while the sidecar of an earlier backend has it', async () => {
    world.attach();
    world.breakLink();
    const prompt = world.addPrompt();
    world.worker.wake();
    await settled();
    world.attach();
    await settled();
    assert.deepEqual([world.prompted(), world.starts, world.worker.status.lackingCredentials], [[prompt.id], 0, undefined]);
  });
});

describe('a channel that breaks', () => {
  it('while a prompt is given: the sidecar that has it goes on with it', async () => {
    const prompt = world.addPrompt(session);
    world.hold('run/prompt');
    await deliver();
    world.breakLink();
    await settled();
    world.attach({ sessionId: session, promptId: prompt.id });
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.hasTurn], [[prompt.id], true]);
  });

  for (const promptId of [null, ids.prompt()]) {
    it(`while a prompt is given: the sidecar that has ${promptId ? 'another' : 'none'} gets it again`, async () => {
      const prompt = world.addPrompt(session);
      world.hold('run/prompt');
      await deliver();
      world.breakLink();
      await settled();
      world.release();
      world.attach({ sessionId: session, promptId });
      await settled();
      assert.deepEqual(world.prompted(), [prompt.id, prompt.id]);
      assert.equal(world.of('run/open').length, 1);
    });
  }

  it('and is back before the loss was noticed: the prompt is given on the new one', async () => {
    const prompt = world.addPrompt(session);
    world.hold('run/prompt');
    await deliver();
    const old = world.last('run/prompt');
    world.release();
    world.attach({ sessionId: session });
    old.settle.reject(refused('unavailable'));
    await settled();
    assert.deepEqual(world.prompted(), [prompt.id, prompt.id]);
  });

  it('while a session opens: the prompt is given once the sidecar is back', async () => {
    const prompt = world.addPrompt();
    world.hold('run/open');
    await deliver();
    world.breakLink();
    await settled();
    assert.deepEqual([world.queue.length, world.worker.status.isStarting], [1, true]);
    world.release();
    world.attach();
    await settled();
    assert.deepEqual([world.prompted(), world.starts, world.failed], [[prompt.id], 1, []]);
  });

  it('never has a second sidecar started beside the first', async () => {
    world.attach();
    world.breakLink();
    world.addPrompt();
    await deliver();
    assert.equal(world.starts, 0);
    world.attach();
    await settled();
    assert.deepEqual([world.starts, world.prompted().length], [0, 1]);
  });

  it('for good fails the prompt that was given, and goes on with the next', async () => {
    const [first, second] = [world.addPrompt(session), world.addPrompt(session)];
    world.hold('run/prompt');
    await deliver();
    world.release();
    world.gone({ wasStopped: false });
    await settled();
    assert.deepEqual(world.failed, [{ id: first.id, message: 'The sidecar is gone: it ended with code 1', how: 'crashed' }]);
    assert.deepEqual([world.prompted(), world.starts], [[first.id, second.id], 2]);
  });

  it('for good while a session opens, without a crash, fails that prompt once', async () => {
    const prompt = world.addPrompt();
    world.hold('run/open');
    await deliver();
    world.gone({ wasStopped: true });
    await settled();
    assert.deepEqual(
      world.failed.map(({ id }) => id),
      [prompt.id],
    );
    assert.deepEqual([world.starts, world.queue], [1, []]);
  });
});
