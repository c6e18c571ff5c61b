import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Run } from '../../../server/agents/supervisor.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { SidecarHello } from '../../../server/protocol/handshake.ts';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import { FakeLink, helloOf, kill, lives, newRecord, SupervisorWorld } from '../../support/supervisor-world.ts';

let world: SupervisorWorld;

beforeEach(() => {
  world = new SupervisorWorld();
});
afterEach(() => world.remove());

describe('a start', () => {
  it('is over when the sidecar has greeted, and its record lies where the next backend finds it', async () => {
    const { run } = await world.started();
    assert.equal(lives(run), true);
    assert.equal(world.supervisor.run(run.record.agentId), run);
    assert.equal(statSync(world.recordPath(run.record)).mode & 0o777, 0o600);
  });

  it('of a sidecar that does not greet in time fails, and nothing is left of it', async () => {
    const wanted = newRecord();
    const starting = world.supervisor.start(wanted);
    const run = world.supervisor.run(wanted.agentId);
    await assert.rejects(starting, { code: 'agentFailed', message: /did not come up\. Its log is .*sidecar\.log/ });
    assert.ok(run);
    assert.deepEqual([lives(run), existsSync(world.recordPath(wanted)), world.supervisor.runs()], [false, false, []]);
    assert.equal(world.gone.length, 1);
  });

  it('of a sidecar that ends at once fails at once', async () => {
    world.create({ greetTimeoutMs: 60_000 });
    await assert.rejects(world.supervisor.start(newRecord({ command: ['exit'] })), { code: 'agentFailed' });
    assert.equal(world.gone[0]?.detail, 'it ended with code 3');
  });

  it('beside a sidecar of the same agent is refused', async () => {
    const { run } = await world.started();
    await assert.rejects(world.supervisor.start(newRecord({ agentId: run.record.agentId })), { code: 'conflict' });
    assert.equal(world.supervisor.run(run.record.agentId), run);
  });

  it('that cannot even make its folders leaves nothing behind', async () => {
    writeFileSync(join(world.root, 'agents'), 'a file where a folder should be');
    const wanted = newRecord();
    await assert.rejects(world.supervisor.start(wanted), /ENOTDIR/);
    assert.deepEqual([world.supervisor.runs(), existsSync(world.recordPath(wanted))], [[], false]);
  });
});

describe('a sidecar that greets', () => {
  it('is known by run and token', async () => {
    const { run } = await world.started();
    assert.equal(world.supervisor.check(helloOf(run.record)), run);
    const foreign: readonly SidecarHello[] = [
      helloOf(run.record, 'guessed'),
      helloOf(run.record, ''),
      helloOf({ ...run.record, runId: newId<RunId>() }),
      helloOf({ ...run.record, agentId: newId<AgentId>() }),
    ];
    for (const said of foreign) assert.throws(() => world.supervisor.check(said), { code: 'unauthorized' });
  });

  it('again takes the place of its old channel, whose end then means nothing', async () => {
    const { run, link } = await world.started();
    const next = new FakeLink();
    next.onStop = link.onStop;
    world.supervisor.accept({ ...helloOf(run.record), programPid: 5 }, next);
    await link.closed;
    assert.deepEqual([link.isOpen, run.link === next, run.hello?.programPid], [false, true, 5]);
  });
});

describe('a stop', () => {
  it('asks the sidecar, waits for its end and tells of it', async () => {
    const { run, link } = await world.started();
    await world.supervisor.stop(run.record.agentId);
    assert.deepEqual([link.asked, lives(run), existsSync(world.recordPath(run.record))], [['run/stop'], false, false]);
    assert.deepEqual(
      world.gone.map(({ wasStopped }) => wasStopped),
      [true],
    );
    await world.supervisor.stop(run.record.agentId);
  });

  it('uses force on one that does not end', async () => {
    const { run, link } = await world.started();
    link.onStop = () => {};
    await world.supervisor.stop(run.record.agentId);
    assert.deepEqual([lives(run), world.gone[0]?.detail], [false, 'it was ended by SIGKILL']);
  });

  it('of one that is away asks it when it is back', async () => {
    world.create({ returnTimeoutMs: 60_000, stopTimeoutMs: 60_000 });
    const { run, link } = await world.started();
    link.close();
    await Promise.resolve();
    const stopped = world.supervisor.stop(run.record.agentId);
    const next = new FakeLink();
    next.onStop = link.onStop;
    world.supervisor.accept(helloOf(run.record), next);
    await stopped;
    assert.deepEqual([next.asked, world.gone[0]?.detail], [['run/stop'], 'it was ended by SIGTERM']);
  });

  it('of one that stays away uses force', async () => {
    const { run, link } = await world.started();
    link.close();
    await Promise.resolve();
    await world.supervisor.stop(run.record.agentId);
    assert.equal(lives(run), false);
  });

  it('while the sidecar comes up ends it, and the start fails', async () => {
    const wanted = newRecord();
    world.create({ greetTimeoutMs: 60_000 });
    const starting = assert.rejects(world.supervisor.start(wanted), { code: 'agentFailed' });
    const run = world.supervisor.run(wanted.agentId);
    await Promise.all([world.supervisor.stop(wanted.agentId), world.supervisor.stop(wanted.agentId), starting]);
    assert.ok(run);
    assert.equal(lives(run), false);
  });
});

describe('an end that nobody asked for', () => {
  /** How it was told, once it is. */
  const ended = async (run: Run) => {
    await run.ended;
    return world.gone[0];
  };

  it('is a crash, told with what the sidecar said last and how it ended', async () => {
    const wanted = newRecord({ command: ['fail'] });
    world.create({ greetTimeoutMs: 60_000 });
    await assert.rejects(world.supervisor.start(wanted), { code: 'agentFailed' });
    assert.deepEqual([world.gone[0]?.crash, world.gone[0]?.wasStopped], ['boom (it ended with code 3)', false]);
  });

  it('is told with nothing that an earlier run said', async () => {
    const wanted = newRecord({ command: ['fail'] });
    world.create({ greetTimeoutMs: 60_000 });
    await assert.rejects(world.supervisor.start(wanted));
    const { run } = await world.started(newRecord({ agentId: wanted.agentId }));
    kill(run, 'SIGKILL');
    await run.ended;
    assert.equal(world.gone[1]?.crash, 'it was ended by SIGKILL');
  });

  it('in order is none', async () => {
    world.create({ greetTimeoutMs: 60_000 });
    await assert.rejects(world.supervisor.start(newRecord({ command: ['leave'] })));
    assert.deepEqual([world.gone[0]?.crash, world.gone[0]?.detail], [null, 'it ended with code 0']);
  });

  it('of one that is being stopped is none, whatever its code', async () => {
    const { run } = await world.started();
    await world.supervisor.stop(run.record.agentId, 'it had nothing to do');
    assert.deepEqual([world.gone[0]?.crash, world.gone[0]?.detail], [null, 'it had nothing to do']);
  });

  it('is brought about when it hangs: alive, without a channel, for too long', async () => {
    world.create({ hangTimeoutMs: 100 });
    const { run, link } = await world.started();
    kill(run, 'SIGSTOP');
    link.close();
    assert.equal((await ended(run))?.crash, 'it did not answer for 1 s and was ended');
    assert.equal(lives(run), false);
  });

  it('does not come to one that is back before another one has hung', async () => {
    world.create({ hangTimeoutMs: 100 });
    const [{ run, link }, other] = [await world.started(), await world.started()];
    link.close();
    await Promise.resolve();
    const next = new FakeLink();
    next.onStop = link.onStop;
    world.supervisor.accept(helloOf(run.record), next);
    other.link.close();
    await other.run.ended;
    assert.deepEqual([lives(run), lives(other.run)], [true, false]);
  });
});

describe('who waits for an agent', () => {
  it('gets none that does not run, and at once one that does', async () => {
    assert.equal(await world.supervisor.reach(newId<AgentId>()), undefined);
    const { run } = await world.started();
    assert.equal(await world.supervisor.reach(run.record.agentId), run);
  });

  it('gets one that comes back', async () => {
    const { run, link } = await world.started();
    link.close();
    await Promise.resolve();
    const reached = world.supervisor.reach(run.record.agentId);
    const next = new FakeLink();
    next.onStop = link.onStop;
    world.supervisor.accept(helloOf(run.record), next);
    assert.equal(await reached, run);
  });

  it('does not wait for ever: one that lives and stays away is ended', async () => {
    const { run, link } = await world.started();
    link.close();
    await Promise.resolve();
    assert.equal(await world.supervisor.reach(run.record.agentId), undefined);
    assert.deepEqual([lives(run), world.gone.length], [false, 1]);
  });

  it('waits for the end of one that is being stopped', async () => {
    const { run } = await world.started();
    const stopped = world.supervisor.stop(run.record.agentId);
    assert.equal(await world.supervisor.reach(run.record.agentId), undefined);
    await stopped;
  });
});

it('a backend that ends lets its sidecars go on', async () => {
  const { run, link } = await world.started();
  world.supervisor.close();
  await link.closed;
  assert.deepEqual([lives(run), world.gone, existsSync(world.recordPath(run.record))], [true, [], true]);
  kill(run, 'SIGKILL');
  await run.ended;
});
