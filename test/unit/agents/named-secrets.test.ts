import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { plainCapabilities } from '../../support/protocol-samples.ts';
import { ids, turnStarted } from '../../support/transcripts.ts';
import { settled, WorkerWorld } from '../../support/worker-world.ts';

const session = newId<SessionId>();
let world: WorkerWorld;

beforeEach(() => {
  world = new WorkerWorld();
  world.record = {
    ...world.record,
    credentials: 'secret',
    secretUses: [
      { variable: 'ANTHROPIC_API_KEY', secret: 'anthropic' },
      { variable: 'GITHUB_TOKEN', secret: 'github' },
    ],
  };
});

const opened = { capabilities: plainCapabilities, programPid: 11, programVersion: '1.0' };
const both = { anthropic: 'a', github: 'g' };
const handedOver = { ANTHROPIC_API_KEY: 'a', GITHUB_TOKEN: 'g' };

function secretsGiven(): object[] {
  return world.of('run/open').map(({ secrets }) => secrets);
}

describe('an agent with named secrets', () => {
  it('is given their values when it is started, and they are read again for the next start, because none is kept', async () => {
    world.kept = both;
    await world.worker.start(session);
    world.gone({ wasStopped: false });
    world.kept = { ...both, github: 'g2' };
    await world.worker.start(session);
    assert.deepEqual(secretsGiven(), [handedOver, { ...handedOver, GITHUB_TOKEN: 'g2' }]);
  });

  it('waits when one of them is missing, names it, starts nothing and fails no prompt', async () => {
    world.kept = { anthropic: 'a' };
    world.addPrompt(session);
    world.worker.wake();
    await settled();
    assert.deepEqual([world.starts, world.failed], [0, []]);
    assert.match(world.worker.status.lackingCredentials ?? '', /"github"/);
    assert.doesNotMatch(world.worker.status.lackingCredentials ?? '', /anthropic/);
    await assert.rejects(world.worker.start(session), { code: 'needsCredentials', message: /"github".*Set Secret.*--secret-fd/ });
  });

  it('goes on with what waited as soon as it is tried again and all are there', async () => {
    const prompt = world.addPrompt(session);
    world.worker.wake();
    await settled();
    world.kept = both;
    await world.worker.start(session);
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.lackingCredentials], [[prompt.id], undefined]);
  });

  it('is not asked for what a start brings along by hand, which counts once', async () => {
    world.kept = { github: 'g' };
    world.worker.keys.give({ ANTHROPIC_API_KEY: 'by hand' });
    await world.worker.start(session);
    assert.deepEqual(world.readFor, [['github']]);
    assert.deepEqual(secretsGiven(), [{ ANTHROPIC_API_KEY: 'by hand', GITHUB_TOKEN: 'g' }]);
    world.gone({ wasStopped: false });
    await assert.rejects(world.worker.start(session), { code: 'needsCredentials' });
  });

  it('needs none of them while the sidecar of an earlier backend runs', async () => {
    world.attach({ sessionId: session });
    await world.worker.start(session);
    assert.deepEqual([world.readFor, world.of('run/open')], [[], []]);
  });

  it('gets a changed value before its next prompt, without a new start', async () => {
    world.kept = both;
    await world.worker.start(session);
    world.kept = { ...both, anthropic: 'a2' };
    world.worker.keys.renew();
    world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual(secretsGiven(), [handedOver, { ...handedOver, ANTHROPIC_API_KEY: 'a2' }]);
    assert.deepEqual([world.starts, world.prompted().length], [1, 1]);
  });

  it('gets a value that changes while an earlier one is handed over before its next prompt', async () => {
    world.kept = both;
    world.hold('run/open');
    const starting = world.worker.start(session);
    await settled();
    world.kept = { ...both, anthropic: 'a2' };
    world.worker.keys.renew();
    world.release();
    world.last('run/open').settle.resolve(opened);
    await starting;
    world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual(secretsGiven(), [handedOver, { ...handedOver, ANTHROPIC_API_KEY: 'a2' }]);
  });

  it('goes on with the old value when the changed one cannot be read', async () => {
    world.kept = both;
    await world.worker.start(session);
    world.kept = {};
    world.worker.keys.renew();
    world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual([world.prompted().length, world.worker.status.lackingCredentials], [1, undefined]);
  });

  it('that is stopped while a keyring is asked is not started', async () => {
    const asked = Promise.withResolvers<void>();
    const read = Promise.withResolvers<Record<string, string>>();
    world.readSecrets = () => {
      asked.resolve();
      return read.promise;
    };
    const starting = world.worker.start(session);
    await asked.promise;
    await world.worker.stop();
    read.resolve(handedOver);
    await assert.rejects(starting, { code: 'cancelled' });
    assert.deepEqual([world.starts, world.worker.status.lackingCredentials], [0, undefined]);
  });
});

describe('an agent whose key was refused in a turn', () => {
  const failure = { type: 'auth', message: 'invalid x-api-key', retryable: false } as const;
  const turn = ids.turn();

  beforeEach(async () => {
    world.kept = both;
    await world.worker.start(session);
    world.worker.onEvent(session, turnStarted(turn));
    world.worker.onEvent(session, { type: 'turnEnded', turnId: turn, reason: 'failed', failure });
    await settled();
  });

  it('says so, and is given nothing until it has another', async () => {
    assert.match(world.worker.status.lackingCredentials ?? '', /refused: rotate the secret "anthropic" and "github"/);
    const prompt = world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual([world.prompted(), world.failed], [[], []]);
    await assert.rejects(world.worker.start(session), { code: 'needsCredentials', message: /refused the key.*Rotate it/ });
    world.hold('run/useSecrets');
    const used = world.worker.keys.use({ ANTHROPIC_API_KEY: 'a2' }, { restart: true });
    await settled();
    world.last('run/useSecrets').settle.resolve({ takes: 'now', wasRestarted: true });
    assert.equal(await used, 'now');
    world.worker.deliver();
    await settled();
    assert.deepEqual([world.prompted(), world.worker.status.lackingCredentials], [[prompt.id], undefined]);
  });

  it('is tried again when a person starts it anew', async () => {
    world.addPrompt(session);
    world.worker.keys.give({});
    await world.worker.start(session);
    await settled();
    assert.equal(world.prompted().length, 1);
  });
});

describe('another value for an agent that runs', () => {
  it('is handed over at once, by variable and with the name of its secret, and is not read again', async () => {
    world.kept = both;
    await world.worker.start(session);
    world.hold('run/useSecrets');
    const used = world.worker.keys.use({ ANTHROPIC_API_KEY: 'a2' }, { restart: false });
    await settled();
    const { params, settle } = world.last('run/useSecrets');
    assert.deepEqual(params, {
      secrets: { ANTHROPIC_API_KEY: 'a2' },
      secretNames: { ANTHROPIC_API_KEY: 'anthropic', GITHUB_TOKEN: 'github' },
      restart: false,
    });
    settle.resolve({ takes: 'nextStart', wasRestarted: false });
    assert.equal(await used, 'nextStart');
    world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual([secretsGiven().length, world.readFor.length], [1, 1]);
  });

  it('that cannot reach it is read before its next prompt', async () => {
    world.kept = both;
    await world.worker.start(session);
    world.hold('run/useSecrets');
    const used = world.worker.keys.use({ ANTHROPIC_API_KEY: 'a2' }, { restart: false });
    await settled();
    world.last('run/useSecrets').settle.reject(new AgorError('unavailable', 'The channel closed.'));
    assert.equal(await used, 'whenStarted');
    world.kept = { ...both, anthropic: 'a2' };
    world.addPrompt(session);
    world.worker.deliver();
    await settled();
    assert.deepEqual(secretsGiven().at(-1), { ...handedOver, ANTHROPIC_API_KEY: 'a2' });
  });
});
