import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { SidecarReport } from '../../../server/protocol/health.ts';
import { HealthFile } from '../../../server/protocol/health-file.ts';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import { Pulse } from '../../../server/service/pulse.ts';

const build = { version: '1.0', gitSha: 'abc', buildTime: 1, nodeVersion: 'v24' };
const sidecar: SidecarReport = {
  ...{ agentId: newId<AgentId>(), runId: newId<RunId>(), pid: 7, state: 'idle', connected: true, startedAt: 1 },
  health: { state: 'healthy' },
};

let dir: string;
let world: { now: number; elapsed: number; broken: boolean; logged: string[]; beats: number };
let pulse: Pulse;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-pulse-'));
  world = { now: 5_000, elapsed: 100, broken: false, logged: [], beats: 0 };
  pulse = open(join(dir, 'health.json'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(path: string): Pulse {
  const read = () => {
    if (world.broken) throw new Error('database is locked');
  };
  const made = new Pulse({
    ...{ read: { sessions: () => {}, btmsg: read }, sidecars: () => [sidecar], maxAgeSec: () => 30, build, path },
    ...{ now: () => world.now, elapsed: () => world.elapsed, log: (message: string) => void world.logged.push(message) },
  });
  made.beaten.on(() => {
    world.beats += 1;
  });
  return made;
}

function file(): HealthFile {
  return HealthFile.parse(JSON.parse(readFileSync(join(dir, 'health.json'), 'utf8')));
}

test('a good round is in the file, whole and alone, and told', () => {
  world.elapsed = 62_100;
  pulse.beat();
  const { agentId, pid, state, connected } = sidecar;
  assert.deepEqual(file(), {
    ...{ ts: 5_000, uptime: 62, pid: process.pid, build: '1.0-abc-1', gitSha: 'abc', maxAgeSec: 30 },
    ...{ db: { sessions: 'ok', btmsg: 'ok' }, sidecars: [{ agentId, pid, state, connected }] },
  });
  assert.deepEqual(readdirSync(dir), ['health.json']);
  assert.equal(world.beats, 1);
});

test('a database that cannot be read stops the file and the telling until it can be read again', () => {
  pulse.beat();
  world = { ...world, now: 9_000, elapsed: 4_100, broken: true };
  pulse.beat();
  assert.equal(file().ts, 5_000);
  assert.deepEqual(pulse.last, { at: 9_000, failures: { btmsg: 'database is locked' } });
  assert.deepEqual([world.beats, world.logged, pulse.ageMs], [1, ['a round of the health check failed'], 4_000]);
  world.broken = false;
  pulse.beat();
  assert.deepEqual([file().ts, world.beats, pulse.ageMs], [9_000, 2, 0]);
});

test('a clock that is set changes no age', () => {
  pulse.beat();
  world = { ...world, now: 86_405_000, elapsed: 1_100 };
  assert.equal(pulse.ageMs, 1_000);
});

test('a disk that takes no file is told once, and who listens hears of the round all the same', () => {
  pulse = open(join(dir, 'gone', 'health.json'));
  pulse.beat();
  pulse.beat();
  assert.deepEqual([world.logged, world.beats], [['the health file cannot be written, so it gets old'], 2]);
});

test('an orderly end leaves no file', () => {
  pulse.beat();
  pulse.end();
  assert.ok(!existsSync(join(dir, 'health.json')));
  pulse.end();
});
