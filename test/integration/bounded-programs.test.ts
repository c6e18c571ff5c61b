import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import os from 'node:os';
import { after, describe, it } from 'node:test';
import { systemClock } from '../../server/base/clock.ts';
import { processIdentity } from '../../server/base/process-identity.ts';
import { newId } from '../../server/base/uuid.ts';
import type { ResourceLimits } from '../../server/protocol/supervision.ts';
import type { Fence } from '../../server/sandbox/fence.ts';
import { type Fenced, FencedPrograms } from '../../server/sidecar/fenced-programs.ts';
import { Gate } from '../../server/sidecar/gate.ts';
import { endStaleCgroups, groupPrefix, makeCgroup } from '../../server/sidecar/limits/cgroup.ts';
import { type CgroupPlace, findCgroupPlace } from '../../server/sidecar/limits/cgroup-place.ts';
import { withPrelude } from '../../server/sidecar/limits/prelude.ts';
import { ProgramBounds } from '../../server/sidecar/limits/program-bounds.ts';
import { SystemdScopes } from '../../server/sidecar/limits/systemd-scope.ts';
import { type Program, startProgram } from '../../server/sidecar/program.ts';
import { Programs } from '../../server/sidecar/programs.ts';
import { fixturePath } from '../support/acp-harness.ts';

const someLimits: ResourceLimits = { memoryMb: 96, processes: 24, openFiles: 256, cpuPercent: 100, maxHeapMb: 64, hardTurnMinutes: 1 };

const noFence: Omit<Fence, 'profile'> = {
  state: { files: 'off', network: 'open', mode: 'off', layers: [], landlockAbi: null, gaps: [], remedy: null },
  wrap: (command) => command,
  environment: (environment) => environment,
  lost: () => [],
  infoFd: null,
  release: () => {},
};

/** With `place` null no control group is used, as on a machine that gives none. */
function setUp(place: CgroupPlace | null, limits: Partial<ResourceLimits> = {}) {
  const fenced: Fenced[] = [];
  const told: string[] = [];
  const gate = new Gate();
  const programs = new Programs({ startProgram, flow: gate, onChanged: () => {} }, { programUmask: 0o022 });
  const bounds = new ProgramBounds({
    clock: systemClock,
    limits: { ...someLimits, ...limits },
    prefix: `agor-test-${newId()}-`,
    runName: 'run',
    findPlace: () => place,
    scopes: new SystemdScopes({ runtimeDir: undefined }),
    onTold: (text) => told.push(text),
    log: () => {},
  });
  const starter = new FencedPrograms({
    start: programs.start,
    // Nothing of it is used where there is no fence.
    requestFor: () => ({}) as never,
    raiseFence: async () => noFence as Fence,
    bounds,
    maxHeapMb: 64,
    onFenced: (now) => fenced.push(now),
  });
  after(() => programs.stopAll());
  return { fenced, told, programs, start: (...command: [string, ...string[]]) => start(starter, command) };
}

type Heard = { readonly lines: string[]; readonly next: (wanted: (line: string) => boolean) => Promise<string> };

async function start(starter: FencedPrograms, command: [string, ...string[]]): Promise<[Program, Heard]> {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const next: Heard['next'] = (wanted) =>
    new Promise((resolve) => {
      const look = () => {
        const found = lines.find(wanted);
        if (found === undefined) return void waiting.add(look);
        waiting.delete(look);
        resolve(found);
      };
      look();
    });
  const program = await starter.start({
    command,
    cwd: os.tmpdir(),
    environment: { PATH: process.env.PATH ?? '' },
    onLine: (line) => {
      lines.push(line);
      for (const look of [...waiting]) look();
    },
    onOversize: () => {},
  });
  return [program, { lines, next }];
}

const node = process.execPath;
const isAlive = (pid: number) => processIdentity(pid) !== null;
const place = findCgroupPlace();

describe('a program with bounds', () => {
  it('is told with what keeps them, and once for as long as that stays so', async () => {
    const { fenced, start } = setUp(null);
    for (let runs = 0; runs < 2; runs++) await (await start('true'))[0].exited;
    assert.equal(fenced.length, 1);
    assert.deepEqual(fenced[0]?.resources.by, ['prlimit', 'watchdog']);
    assert.ok(fenced[0]?.resources.gaps.length);
  });

  it('cannot open more files than its bound', async () => {
    const { start } = setUp(null);
    const [program, { lines }] = await start(node, fixturePath('opens-files.mjs'), '20000');
    assert.equal((await program.exited).code, 0);
    const { open, problem } = JSON.parse(lines[0] ?? '');
    assert.equal(problem, 'EMFILE');
    assert.ok(open > 200 && open <= 256, `${open} files`);
  });

  it('has the heap of its bound when it is Node', async () => {
    const { start } = setUp(null);
    const script = "console.log(require('node:v8').getHeapStatistics().heap_size_limit / 1024 / 1024)";
    const [program, { lines }] = await start(node, '-e', script);
    await program.exited;
    // Besides the old space there is a young one, of a size that Node chooses.
    assert.ok(Number(lines[0]) < 512, lines[0]);
  });

  it('goes first when memory is short', async () => {
    const { start } = setUp(null);
    const [program, { lines }] = await start('/bin/sh', '-c', 'cat /proc/self/oom_score_adj 2>/dev/null || echo 500');
    await program.exited;
    assert.ok(Number(lines[0]) >= 500);
  });
});

/** The same must come of it whatever keeps the bounds. */
const keepers = [
  { keeper: 'a watchdog', where: null, skip: false },
  { keeper: 'control groups', where: place, skip: place === null },
];

describe('a program that goes past its bounds', () => {
  for (const { keeper, where, skip } of keepers) {
    it(`is ended by ${keeper} for its memory, and only it`, { skip }, async () => {
      const { start } = setUp(where);
      const [bystander] = await start(node, fixturePath('never-answers.mjs'));
      const [hog, { lines }] = await start(node, fixturePath('takes-memory.mjs'), '4096');
      const exit = await hog.exited;
      assert.equal(exit.overBound, 'its memory bound of 96 MB', JSON.stringify(exit));
      assert.ok(Number(lines.at(-1) ?? 0) < 4_096);
      assert.ok(isAlive(bystander.pid));
      await bystander.stop();
    });

    it(`is ended by ${keeper} when it multiplies without end, with all that it started`, { skip }, async () => {
      const { start, told } = setUp(where, { memoryMb: 512 });
      const [bomb, { lines }] = await start(node, fixturePath('multiplies.mjs'), '60');
      const exit = await bomb.exited;
      assert.equal(exit.overBound, 'its bound of 24 processes', JSON.stringify(exit));
      assert.deepEqual(told, ['The agent is at its bound of 24 processes; what it tries to start now fails.']);
      assert.ok(where === null || !lines.includes('unbounded'));
    });
  }
});

describe('what a program leaves', () => {
  it('ends with it, also what ignores SIGTERM and has left its group', async () => {
    const { start } = setUp(place);
    const [program, { lines, next }] = await start(node, fixturePath('leaves-stubborn.mjs'));
    await next(() => lines.length === 2);
    const pids = lines.map(Number);
    assert.ok(pids.every(isAlive));
    await program.stop(50);
    if (place) assert.deepEqual(pids.filter(isAlive), []);
  });

  it('goes with its control group at the next start when nobody could end it', { skip: place === null }, async () => {
    assert.ok(place);
    const prefix = `${groupPrefix}test-${newId()}-`;
    const group = makeCgroup(place, `${prefix}run`, someLimits);
    const { promise: isUp, resolve: onLine } = Promise.withResolvers<string>();
    const prelude = { joinFiles: group.joinFiles, openFiles: 64, userProcesses: null, oomScore: null, scope: [] };
    const command = withPrelude(prelude, ['/bin/sh', '-c', 'echo up; sleep 100']);
    const program = await startProgram({ command, cwd: os.tmpdir(), environment: {}, onLine, onOversize: () => {} });
    await isUp;
    // Another agent's start leaves alone what runs, and what may be about to be joined.
    const young = makeCgroup(place, `${groupPrefix}test-${newId()}`, someLimits);
    await endStaleCgroups(place, 'another', Date.now());
    for (const file of [...group.joinFiles, ...young.joinFiles]) assert.ok(existsSync(file));
    await endStaleCgroups(place, 'another', Date.now() + 3_600_000);
    for (const file of group.joinFiles) assert.ok(existsSync(file));
    for (const file of young.joinFiles) assert.equal(existsSync(file), false);
    await endStaleCgroups(place, prefix, Date.now());
    assert.equal((await program.exited).signal, 'SIGKILL');
    for (const file of group.joinFiles) assert.equal(existsSync(file), false);
  });
});
