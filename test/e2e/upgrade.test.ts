/** Builds that take over a data directory from each other, with agents in the middle of their turns, and those that fail at it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readBuildInfo } from '../../server/base/build-info.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import { readUpgrade } from '../../server/base/upgrade-files.ts';
import type { Connection } from '../../server/cli/connection.ts';
import { buildId } from '../../server/protocol/health.ts';
import { foundSchema } from '../../server/store/checked-copy.ts';
import { sessionsMigrations } from '../../server/store/sessions-schema.ts';
import { until } from '../support/live-backend.ts';
import { itemsOf, textOf, troubleIn, UpgradeWorld } from '../support/upgrade-world.ts';

const long = { timeout: 120_000 };
const newest = sessionsMigrations.length;
const first = { name: 'first', later: 0 };
const further = 'db.exec("create table further (x integer) strict")';
/** Once it is on record as the owner, however long it took to get there. */
const soonAfterItListens = (what: string) => `
  const look = setInterval(() => {
    try {
      const owner = JSON.parse(process.getBuiltinModule('node:fs').readFileSync(process.argv[2] + '/run/owner.json', 'utf8'));
      if (owner.pid !== process.pid) return;
      clearInterval(look);
      setTimeout(() => { ${what} }, 1_500);
    } catch {
      // The record is not there yet.
    }
  }, 20);`;

let world: UpgradeWorld;
let serving: Connection;
let firstDist: string;

beforeEach(async () => {
  world = new UpgradeWorld();
  firstDist = await world.build(first);
  serving = await world.connect(firstDist);
});
afterEach(() => world.close());

async function auditOf(connection: Connection, event: string) {
  const { records } = await connection.call('audit/list', {});
  return records.filter((record) => record.event === event);
}

describe('a newer build', () => {
  it('takes over in the middle of turns: none is interrupted, nothing is lost, doubled or out of order', long, async () => {
    const agents = await world.busyAgents(serving, 3);
    const before = await Promise.all(agents.map(({ sessionId }) => itemsOf(serving, sessionId)));
    const sidecars = agents.map(({ id }) => readRunRecord(join(world.paths.runRecords, `${id}.json`)).sidecar);
    const { pid } = world.owner();
    const next = await world.connect(await world.build({ name: 'second', later: 1, migration: further }));
    assert.notEqual(world.owner().pid, pid);
    assert.equal(foundSchema(world.paths.sessionsDb), newest + 1);
    // It answers what changes anything once it has proved itself; nothing is refused meanwhile.
    const waiting = await next.call('agent/prompt', { agent: agents[0]?.id ?? '', text: 'help' });
    assert.equal(world.upgrade?.state, 'done');
    assert.equal(world.deployed, 'second');
    for (const [index, { id, sessionId }] of agents.entries()) {
      await until(async () => (await itemsOf(next, sessionId)).some(({ kind }) => kind === 'turnEnd'), 60_000);
      const items = await itemsOf(next, sessionId);
      const own = items.slice(0, items.findIndex(({ kind }) => kind === 'turnEnd') + 1);
      assert.deepEqual(troubleIn(own), []);
      assert.ok(textOf(own).startsWith(textOf(before[index] ?? []).slice(0, 200)));
      const record = readRunRecord(join(world.paths.runRecords, `${id}.json`));
      assert.deepEqual(record.sidecar, sidecars[index], 'the sidecar is the same one');
    }
    await until(async () => (await itemsOf(next, waiting.sessionId)).filter(({ kind }) => kind === 'turnEnd').length === 2, 60_000);
    assert.equal((await auditOf(next, 'backend_upgraded')).length, 1);
    assert.deepEqual((await next.call('audit/verify', {})).breaks, []);
  });

  it('is followed at once by those that come at the same moment: one backend, one trial', long, async () => {
    const second = await world.build({ name: 'second', later: 1, migration: further });
    const all = await Promise.all([world.connect(second), world.connect(second), world.connect(second)]);
    const pids = await Promise.all(all.map(async (connection) => (await connection.call('health/get', {})).pid));
    assert.deepEqual(new Set(pids), new Set([world.owner().pid]));
    assert.deepEqual(readdirSync(world.paths.backups).filter((name) => name.startsWith('sessions.db.before-')).length, 1);
  });

  it('and an older one do not fight: the older caller attaches where it understands the other, and makes nobody go', long, async () => {
    const second = await world.build({ name: 'second', later: 1 });
    await world.connect(second);
    const { pid } = world.owner();
    for (let turn = 0; turn < 3; turn += 1) {
      const connections = await Promise.all([world.connect(firstDist, 'extension'), world.connect(second, 'extension')]);
      for (const connection of connections) assert.equal((await connection.call('health/get', {})).build.gitSha, 'second');
    }
    assert.equal(world.owner().pid, pid);
    // Nor when none runs: what has proved itself here is what an older caller starts.
    await (await world.connect(firstDist)).call('backend/stop', {});
    await until(() => !isSameProcess(world.owner()));
    assert.equal((await (await world.connect(firstDist)).call('health/get', {})).build.gitSha, 'second');
  });

  it('that an older caller does not understand tells it what to do, in one sentence', long, async () => {
    await world.connect(await world.build({ name: 'second', later: 1, contract: 'another' }));
    const { pid } = world.owner();
    await assert.rejects(world.connect(firstDist, 'extension'), {
      code: 'outdated',
      message: /^This window runs an older version .* first\.0 \(first\), the backend second\.0 \(second\)\. Reload the window\.$/,
    });
    await assert.rejects(world.connect(firstDist), { code: 'outdated', message: /Use the one in bin\/ of the data directory/ });
    assert.equal(world.owner().pid, pid);
  });

  for (const contract of [undefined, 'another']) {
    const whoever = contract ? 'and that does not understand the older one says so' : 'works with the older one';
    it(`for whose copy there is no room asks nobody to make way, ${whoever}, and comes when there is room`, long, async () => {
      const second = await world.build({ name: 'second', later: 1, ...(contract ? { contract } : {}) });
      const { pid } = world.owner();
      const half = join(world.paths.runtime, `${buildId(readBuildInfo(second))}.${process.pid}.tmp`);
      writeFileSync(half, '');
      if (contract) await assert.rejects(world.connect(second), { code: 'outdated', message: /it could not be copied/ });
      else assert.equal((await (await world.connect(second)).call('health/get', {})).pid, pid);
      assert.ok(isSameProcess(world.owner()));
      rmSync(half, { force: true });
      assert.equal((await (await world.connect(second)).call('health/get', {})).build.gitSha, 'second');
    });
  }
});

describe('a build that fails', () => {
  it('its smoke test is not switched to, and is not tried again', long, async () => {
    const { pid } = world.owner();
    const failing = await world.build({ name: 'failing', later: 1, inSmokeTest: 'throw new Error("no such feature");' });
    const connection = await world.connect(failing);
    assert.deepEqual([(await connection.call('health/get', {})).pid, world.owner().pid], [pid, pid]);
    assert.match(
      world.refusals.join(),
      /cannot be used on this data directory: its smoke test ended with code 1: Error: no such feature\./,
    );
    await world.connect(failing);
    assert.equal(world.refusals.length, 1);
    assert.equal(world.upgrade, undefined);
  });

  it('and does not understand the one that goes on says so in one sentence, and leaves it alone', long, async () => {
    const { pid } = world.owner();
    const failing = await world.build({ name: 'failing', later: 1, contract: 'another', inSmokeTest: 'process.exit(3);' });
    for (let time = 0; time < 2; time += 1)
      await assert.rejects(world.connect(failing), { code: 'outdated', message: /Version first\.0 \(first\) goes on.*agor upgrade retry/ });
    assert.equal(world.owner().pid, pid);
  });

  it('to migrate leaves the databases as they were, and the one before serves again', long, async () => {
    await serving.call('project/add', { path: world.project });
    const failing = await world.build({
      name: 'failing',
      later: 1,
      // Of the copy it makes nothing; of the data it fails half-way.
      migration: `${further}; if (!db.name.includes('smoke-test-')) throw new Error('the disk is odd');`,
    });
    const connection = await world.connect(failing);
    assert.equal((await connection.call('health/get', {})).build.gitSha, 'first');
    assert.equal(foundSchema(world.paths.sessionsDb), newest);
    assert.equal((await connection.call('project/list', {})).projects.length, 1);
    assert.deepEqual([world.upgrade?.state, world.deployed], ['wentBack', 'first']);
    assert.match(world.refused.join(), /the disk is odd/);
    const [row, ...others] = await auditOf(connection, 'upgrade_rolled_back');
    assert.match(JSON.stringify(row?.detail), /the disk is odd/);
    assert.deepEqual(others, []);
    const { notices } = await connection.call('notice/list', {});
    assert.equal(notices.filter(({ text, title }) => /was taken back/.test(`${title} ${text}`)).length, 1);
  });

  for (const [name, migration] of [
    ['with the databases as they are', undefined],
    ['with databases that it has changed', further],
  ] as const) {
    it(`a moment after it came up goes back by itself, ${name}, with every turn untouched`, long, async () => {
      const agents = await world.busyAgents(serving, 2);
      const failing = await world.build({
        name: 'failing',
        later: 1,
        atStart: soonAfterItListens('process.abort()'),
        ...(migration ? { migration } : {}),
      });
      const short = await world.connect(failing);
      assert.equal(world.owner().build.gitSha, 'failing', world.refusals.join());
      const promised = short.call('agent/prompt', { agent: agents[0]?.id ?? '', text: 'help' }).then(
        () => true,
        () => false,
      );
      await short.closed;
      const wasPromised = await promised;
      const next = await world.connect(failing);
      assert.equal((await next.call('health/get', {})).build.gitSha, 'first');
      assert.deepEqual([world.upgrade?.state, world.deployed, world.refused.length], ['wentBack', 'first', 1]);
      assert.equal(foundSchema(world.paths.sessionsDb), newest);
      // What changed databases that went back was never acknowledged.
      if (migration) assert.equal(wasPromised, false);
      for (const { sessionId } of agents) {
        await until(async () => (await itemsOf(next, sessionId)).some(({ kind }) => kind === 'turnEnd'), 60_000);
        const items = await itemsOf(next, sessionId);
        assert.deepEqual(troubleIn(items.slice(0, items.findIndex(({ kind }) => kind === 'turnEnd') + 1)), []);
      }
      const prompts = (await itemsOf(next, agents[0]?.sessionId ?? '')).filter(({ kind }) => kind === 'prompt');
      // What was acknowledged is there. What was not, because it died first, may be where nothing was put back.
      if (migration) assert.equal(prompts.length, 1);
      else assert.ok(prompts.length === 2 || (prompts.length === 1 && !wasPromised));
      assert.deepEqual((await next.call('audit/verify', {})).breaks, []);
      // No loop: whoever comes later starts the one that works.
      await world.connect(failing);
      assert.equal(world.refused.length, 1);
    });
  }

  it('to come up at all is ended, and the one before serves', long, async () => {
    await serving.call('backend/stop', {});
    await until(() => !isSameProcess(world.owner()));
    const hanging = await world.build({ name: 'hanging', later: 1, atStart: 'for (;;);' });
    const connection = await world.connect(hanging);
    assert.equal((await connection.call('health/get', {})).build.gitSha, 'first');
    assert.match(world.refused.join(), /it did not come up within 20 s/);
  });

  it('by hanging once it listens is ended by whoever calls, and goes back', long, async () => {
    const hanging = await world.build({
      name: 'hanging',
      later: 1,
      migration: further,
      atStart: soonAfterItListens('for (;;);'),
    });
    const short = await world.connect(hanging);
    await short.closed;
    const connection = await world.connect(hanging);
    assert.equal((await connection.call('health/get', {})).build.gitSha, 'first');
    assert.equal(foundSchema(world.paths.sessionsDb), newest);
  });
});

describe('a backend', () => {
  it(
    'that is killed as often as one likes in the middle of an upgrade ends up as one build or the other, with all there was',
    long,
    async () => {
      await serving.call('project/add', { path: world.project });
      const second = await world.build({ name: 'second', later: 1, migration: further });
      for (const steps of ['backup', 'migrate', 'watch']) {
        const upgrading = world.connect(second).catch(() => undefined);
        await until(() => readUpgrade(world.paths)?.step === steps || readUpgrade(world.paths)?.state === 'wentBack').catch(
          () => undefined,
        );
        const trial = readUpgrade(world.paths);
        if (trial?.state === 'trying') process.kill(trial.process.pid, 'SIGKILL');
        const connection = (await upgrading) ?? (await world.connect(second));
        assert.equal((await connection.call('project/list', {})).projects.length, 1);
        rmSync(join(world.paths.dataDir, 'refused-builds.json'), { force: true });
      }
    },
  );

  it('whose programs somebody removed goes on, and has them back with the next caller', long, async () => {
    const programs = join(world.paths.runtime, buildId(readBuildInfo(firstDist)));
    const { pid } = world.owner();
    rmSync(programs, { recursive: true });
    const connection = await world.connect(firstDist);
    assert.equal((await connection.call('health/get', {})).pid, pid);
    assert.ok(existsSync(join(programs, 'sidecar.js')));
    const [agent] = await world.busyAgents(connection, 1, '0');
    await until(async () => (await itemsOf(connection, agent?.sessionId ?? '')).some(({ kind }) => kind === 'turnEnd'));
  });
});
