import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeBackups } from '../../../server/doctor/judge-backups.ts';
import type { BackupStatus } from '../../../server/protocol/backup.ts';

const hourMs = 3_600_000;
const now = 1_000 * hourMs;

function told(status: Partial<BackupStatus>, startedAt = 0): string[] {
  const backups = { lastGoodAt: now - hourMs, lastDrillAt: null, nextAt: now, isDrillDue: false, ...status };
  return judgeBackups({ backups, startedAt }, now).map(({ level, id, what }) => `${level} ${id}: ${what}`);
}

test('a good backup of last night is nothing to tell, and neither is one night without', () => {
  assert.deepEqual(told({}), []);
  assert.deepEqual(told({ lastGoodAt: now - 40 * hourMs }), []);
});

test('two days without a good backup are told with what to do', () => {
  assert.deepEqual(told({ lastGoodAt: now - 50 * hourMs }), ['warning data.backups: The last good backup is 50 hours old.']);
  assert.deepEqual(told({ lastGoodAt: null }), ['warning data.backups: There is no good backup.']);
});

test('a backend that has just begun has had no night yet', () => {
  assert.deepEqual(told({ lastGoodAt: null }, now - hourMs), []);
});

test('a drill that is due is a note, once there is something to try out', () => {
  assert.deepEqual(told({ isDrillDue: true }), ['note data.drill: No backup was tried out for 90 days.']);
  assert.deepEqual(told({ isDrillDue: true, lastGoodAt: null }, now), []);
});

test('where no backend tells of backups nothing is claimed', () => {
  assert.deepEqual(judgeBackups(null, now), []);
  assert.deepEqual(judgeBackups({ backups: null, startedAt: 0 }, now), []);
});
