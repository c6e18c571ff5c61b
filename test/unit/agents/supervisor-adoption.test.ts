/** What a backend does with the sidecars and run records that an earlier one left. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RunFiles } from '../../../server/agents/run-files.ts';
import type { RunGone } from '../../../server/agents/supervisor.ts';
import { processIdentity } from '../../../server/base/process-identity.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import { FakeLink, helloOf, newRecord, SupervisorWorld } from '../../support/supervisor-world.ts';

let world: SupervisorWorld;

beforeEach(() => {
  world = new SupervisorWorld();
});
afterEach(() => world.remove());

describe('what an earlier backend left', () => {
  const files = () => new RunFiles(join(world.root, 'run'));

  for (const [name, sidecar, createdAt] of [
    ['that has ended', { pid: 999_999_999, startTime: '1', bootId: 'b' }, Date.now()],
    [
      'whose number another process has now',
      { pid: process.pid, startTime: '1', bootId: processIdentity(process.pid)?.bootId ?? '' },
      Date.now(),
    ],
    ['that ran before the machine was started anew', { ...processIdentity(process.pid), bootId: 'another' }, Date.now()],
    ['that never said who it was, long ago', null, 1],
  ] as const) {
    it(`of a sidecar ${name} is told as gone once, and nobody is signalled`, () => {
      // The spread of a possible null is a whole identity here: this process runs.
      const left = newRecord({ sidecar: sidecar as RunRecord['sidecar'], createdAt });
      files().write(left);
      world.supervisor.adopt();
      assert.deepEqual(
        world.gone.map(({ agentId, wasStopped, crash }) => [agentId, wasStopped, crash]),
        [[left.agentId, false, null]],
        'how it ended nobody saw, so it is called no crash',
      );
      assert.deepEqual([world.supervisor.runs(), existsSync(world.recordPath(left))], [[], false]);
    });
  }

  it('of a sidecar that runs is taken over, and its end noticed though it is no child', async () => {
    const child = await world.sleeper();
    const left = newRecord({ sidecar: processIdentity(child.pid) });
    files().write(left);
    const ended = new Promise<RunGone>((resolve) => world.supervisor.gone.on(resolve));
    world.supervisor.adopt();
    const run = world.supervisor.run(left.agentId);
    assert.deepEqual([run?.isAdopted, world.gone.length], [true, 0]);
    const link = new FakeLink();
    world.supervisor.accept(helloOf(left), link);
    child.kill('SIGKILL');
    link.close();
    assert.deepEqual([(await ended).agentId, (await ended).crash], [left.agentId, 'it ended']);
    assert.equal(existsSync(world.recordPath(left)), false);
  });

  it('of a sidecar that runs and never comes is ended, and counts as crashed', async () => {
    world.create({ hangTimeoutMs: 50 });
    const child = await world.sleeper();
    files().write(newRecord({ sidecar: processIdentity(child.pid) }));
    const ended = new Promise<RunGone>((resolve) => world.supervisor.gone.on(resolve));
    world.supervisor.adopt();
    assert.equal((await ended).crash, 'it did not answer for 1 s and was ended');
  });

  it('by a build of wire version 1 is taken over too', async () => {
    const child = await world.sleeper();
    const {
      agentName: _,
      projectName: __,
      sandbox: ___,
      limits: ____,
      binDir: _____,
      model: ______,
      ...known
    } = newRecord({
      sidecar: processIdentity(child.pid),
      wireVersion: 1,
    });
    writeFileSync(world.recordPath(known), JSON.stringify(known));
    world.supervisor.adopt();
    const reached = world.supervisor.reach(known.agentId);
    const link = new FakeLink();
    link.onStop = () => void child.kill('SIGKILL');
    world.supervisor.accept({ ...helloOf(known), wireVersion: 1 }, link);
    assert.equal((await reached)?.hello?.wireVersion, 1);
  });

  it('of a sidecar that has just been started is waited for', async () => {
    world.create({ greetTimeoutMs: 60_000 });
    const left = newRecord({ createdAt: Date.now() });
    files().write(left);
    world.supervisor.adopt();
    const reached = world.supervisor.reach(left.agentId);
    world.supervisor.accept(helloOf(left), new FakeLink());
    assert.equal((await reached)?.record.agentId, left.agentId);
    world.supervisor.run(left.agentId)?.end({ detail: 'over', isCrash: false });
  });

  it('of a program behind a dead sidecar is ended with what it started', async () => {
    const program = await world.sleeper();
    const identity = processIdentity(program.pid);
    assert.ok(identity);
    files().write(newRecord({ sidecar: { pid: 999_999_999, startTime: '1', bootId: 'b' }, program: { ...identity, pgid: program.pid } }));
    const exited = once(program, 'exit');
    world.supervisor.adopt();
    await exited;
  });

  it('that is no record of this version is left alone', () => {
    writeFileSync(join(world.root, 'run', `${newId()}.json`), '{"runId":1}');
    writeFileSync(join(world.root, 'run', 'half.json.12.tmp'), '{');
    world.supervisor.adopt();
    assert.deepEqual([world.supervisor.runs(), world.gone], [[], []]);
  });

  it('is still told of when telling fails the first time', () => {
    const left = newRecord({ sidecar: null, createdAt: 1 });
    files().write(left);
    world.supervisor.gone.on(() => {
      throw new Error('the disk is full');
    });
    assert.throws(() => world.supervisor.adopt(), /disk is full/);
    assert.equal(existsSync(world.recordPath(left)), true);
  });
});
