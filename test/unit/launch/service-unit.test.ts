import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { installUnit, type UnitHost, uninstallUnit, unitHost, unitPath, unitState } from '../../../server/launch/service-unit.ts';

let dir: string;
let asked: string[];
let answers: Record<string, { status: number; stdout: string; stderr: string }>;
let host: UnitHost;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-unit-'));
  [asked, answers] = [[], {}];
  host = {
    manager: 'user',
    folder: join(dir, 'systemd', 'user'),
    systemctl: (args) => {
      asked.push(args.join(' '));
      return answers[args[0] ?? ''] ?? { status: 0, stdout: '', stderr: '' };
    },
    noSystemd: () => undefined,
  };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a unit is written, read by systemd, and started now and at each boot', () => {
  installUnit(host, 'unit');
  assert.equal(readFileSync(unitPath(host), 'utf8'), 'unit');
  assert.equal(statSync(unitPath(host)).mode & 0o777, 0o644);
  assert.deepEqual(asked, ['daemon-reload', 'enable agor-backend.service', 'restart agor-backend.service']);
});

test('what systemd refuses is told with its words', () => {
  answers.enable = { status: 1, stdout: '', stderr: 'Warning: x\nFailed to enable unit: it is masked\n' };
  assert.throws(() => installUnit(host, 'unit'), {
    code: 'unavailable',
    message: 'systemd refused "systemctl --user enable agor-backend.service": Failed to enable unit: it is masked',
  });
});

test('without systemd nothing is written or asked', () => {
  const without = { ...host, noSystemd: () => 'This system is not run by systemd.' };
  for (const work of [() => installUnit(without, 'unit'), () => uninstallUnit(without), () => unitState(without, 'unit')])
    assert.throws(work, { code: 'unavailable', message: 'This system is not run by systemd.' });
  assert.deepEqual([asked, readdirSync(dir)], [[], []]);
});

test('a unit is stopped before it is removed, and none is no failure', () => {
  assert.equal(uninstallUnit(host), false);
  installUnit(host, 'unit');
  asked = [];
  assert.equal(uninstallUnit(host), true);
  assert.deepEqual(asked, ['disable --now agor-backend.service', 'daemon-reload']);
  assert.ok(!existsSync(unitPath(host)));
});

test('a folder that cannot be written is told with its path', () => {
  writeFileSync(join(dir, 'systemd'), '');
  assert.throws(() => installUnit(host, 'unit'), { code: 'storage', message: /agor-backend\.service/ });
  assert.deepEqual(asked, []);
});

test('a unit that would be another one now is out of date', () => {
  answers = { 'is-active': { status: 0, stdout: 'active\n', stderr: '' }, 'is-enabled': { status: 1, stdout: '', stderr: 'no such unit' } };
  assert.deepEqual(unitState(host, 'unit'), { installed: false, isCurrent: false, active: 'active', enabled: 'unknown' });
  installUnit(host, 'unit');
  assert.deepEqual(unitState(host, 'unit').isCurrent, true);
  assert.deepEqual(unitState(host, 'another').isCurrent, false);
});

test('a unit lies where its manager looks for it', () => {
  assert.equal(unitPath(unitHost('user', { env: {}, home: '/home/ada' })), '/home/ada/.config/systemd/user/agor-backend.service');
  assert.equal(unitPath(unitHost('user', { env: { XDG_CONFIG_HOME: '/c' }, home: '/h' })), '/c/systemd/user/agor-backend.service');
  assert.equal(unitPath(unitHost('system', { env: {}, home: '/h' })), '/etc/systemd/system/agor-backend.service');
});
