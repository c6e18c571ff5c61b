import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isSameProcess, processIdentity, startTimeInStat } from '../../../server/base/process-identity.ts';

test('a running process is the same as itself', () => {
  const self = processIdentity(process.pid);
  assert.ok(self);
  assert.equal(isSameProcess(self), true);
});

test('a process that ended, another start time or another boot is not the same', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const identity = processIdentity(child.pid ?? 0);
  assert.ok(identity);
  assert.equal(isSameProcess({ ...identity, startTime: '1' }), false);
  assert.equal(isSameProcess({ ...identity, bootId: 'another' }), false);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(processIdentity(identity.pid), null);
  assert.equal(isSameProcess(identity), false);
});

const fieldsBeforeStart = '1 1 1 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0';

for (const [name, stat, expected] of [
  ['a plain name', `7 (node) S ${fieldsBeforeStart} 4242 0 0\n`, '4242'],
  ['a name with spaces and brackets', `7 (a) S (b) R ${fieldsBeforeStart} 4242 0 0\n`, '4242'],
  ['a process that ended and was not reaped', `7 (node) Z ${fieldsBeforeStart} 4242 0 0\n`, null],
] as const) {
  test(`the start time is found after ${name}`, () => assert.equal(startTimeInStat(stat), expected));
}
