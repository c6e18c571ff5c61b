import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTimeIn, startTimeQuery } from '../../../server/base/start-time-query.ts';

test('macOS is asked by ps, for the state and the start', () => {
  assert.deepEqual(startTimeQuery('darwin', 42), { file: 'ps', args: ['-o', 'state=,lstart=', '-p', '42'] });
  assert.equal(startTimeIn('darwin', 'S    Sat Nov 29 16:00:00 2025\n'), 'Sat Nov 29 16:00:00 2025');
});

test('one that ended and was not reaped is none, and neither is an empty answer', () => {
  assert.equal(startTimeIn('darwin', 'Z    Sat Nov 29 16:00:00 2025\n'), null);
  assert.equal(startTimeIn('darwin', '\n'), null);
});

test("Windows is asked by its own PowerShell, from the system's folder, without a profile", () => {
  const { file, args } = startTimeQuery('win32', 42, 'D:\\Windows');
  assert.equal(file, 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
  assert.deepEqual(args.slice(0, 2), ['-NoProfile', '-NonInteractive']);
  assert.match(args.at(-1) ?? '', /^\(Get-Process -Id 42 /);
});

test('of Windows only a number is a start time', () => {
  assert.equal(startTimeIn('win32', '133774848001234567\r\n'), '133774848001234567');
  assert.equal(startTimeIn('win32', 'Get-Process : Cannot find a process\r\n'), null);
  assert.equal(startTimeIn('win32', ''), null);
});
