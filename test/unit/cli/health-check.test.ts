import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findHealthFile, judgeHealth } from '../../../server/cli/health-check.ts';
import type { HealthFile } from '../../../server/protocol/health-file.ts';

const file: HealthFile = {
  ...{ ts: 1_000_000, uptime: 60, pid: 7, build: '1.0-abc-1', gitSha: 'abc', maxAgeSec: 30 },
  ...{ db: { sessions: 'ok', btmsg: 'ok' }, sidecars: [] },
};
const found = { path: '/data/run/health.json', file, isOwnerAlive: true };
const after = (seconds: number) => file.ts + seconds * 1000;

for (const [name, given, now, text] of [
  ['fresh', found, after(0), 'OK: health file is 0 s old (max 30 s)'],
  ['as old as it may be', found, after(30), 'OK: health file is 30 s old (max 30 s)'],
  ['too old', found, after(31), 'CRITICAL: health file is 31 s old (max 30 s): the backend (pid 7) hangs'],
  ['of a clock that was set back a little', found, after(-5), 'OK: health file is 0 s old (max 30 s)'],
  ['of a clock that was set back by a day', found, after(-86_400), 'CRITICAL: health file is dated 86400 s ahead of the clock'],
  [
    'of a clock that was set forward by a day',
    found,
    after(86_400),
    'CRITICAL: health file is 86400 s old (max 30 s): the backend (pid 7) hangs',
  ],
  [
    'fresh, of one that was killed',
    { ...found, isOwnerAlive: false },
    after(2),
    'CRITICAL: the backend (pid 7) is gone; its health file is 2 s old',
  ],
  [
    'missing, with no backend',
    { ...found, file: 'missing', isOwnerAlive: false },
    after(0),
    'CRITICAL: health file missing (/data/run/health.json): no backend runs',
  ],
  [
    'missing, with a backend',
    { ...found, file: 'missing' },
    after(0),
    'CRITICAL: health file missing (/data/run/health.json): the backend that runs has written none yet, or is of an older build',
  ],
  ['unreadable', { ...found, file: 'unreadable' }, after(0), 'CRITICAL: health file cannot be read (/data/run/health.json)'],
] as const) {
  test(`a health file that is ${name}`, () => {
    const check = judgeHealth(given, now);
    assert.equal(check.text, text);
    assert.equal(check.status, text.split(':')[0]);
  });
}

test('who asks may allow another age', () => {
  assert.equal(judgeHealth(found, after(100), 120).status, 'OK');
  assert.equal(judgeHealth(found, after(20), 10).status, 'CRITICAL');
});

test('what is no health file is told as such, and what is no data directory is refused', () => {
  const dir = mkdtempSync(join(tmpdir(), 'agor-health-'));
  try {
    assert.equal(findHealthFile(dir).file, 'missing');
    mkdirSync(join(dir, 'run'));
    writeFileSync(join(dir, 'run', 'health.json'), '{"ts":');
    assert.deepEqual(findHealthFile(dir), { path: join(dir, 'run/health.json'), file: 'unreadable', isOwnerAlive: false });
    assert.throws(() => findHealthFile(join(dir, 'run', 'health.json')), { code: 'storage' });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
