import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../../server/config.ts';

test('without more than its data directory, the backend has its defaults and runs from where it lies', () => {
  const {
    programUmask,
    programDir,
    sidecarProgram,
    explainProgram,
    searchProgram,
    backupProgram,
    home,
    groupsFile,
    pricesFile,
    ...config
  } = readConfig(['/data'], {});
  assert.deepEqual(config, {
    ...{ dataDir: '/data', logLevel: 'info', idleEndMs: 600_000, orphanGraceMs: undefined },
    ...{ credentialsDir: undefined, secretsFd: undefined, isSmokeTest: false, isSmokeTestOnCopy: false, settings: {} },
  });
  assert.equal(programUmask, process.umask());
  assert.equal(groupsFile, join(home, '.config/agor/groups.json'));
  assert.equal(pricesFile, join(home, '.config/agor/prices.json'));
  for (const path of [programDir, sidecarProgram, explainProgram, searchProgram, backupProgram]) assert.ok(existsSync(path), path);
});

for (const [name, env, expected] of [
  ['the folder that is named', { AGOR_CONFIG_DIR: '/own', XDG_CONFIG_HOME: '/config' }, '/own/groups.json'],
  ['the place for configuration', { XDG_CONFIG_HOME: '/config' }, '/config/agor/groups.json'],
  ['the usual place', { AGOR_CONFIG_DIR: '', XDG_CONFIG_HOME: 'relative' }, join(homedir(), '.config/agor/groups.json')],
] as const) {
  test(`groups.json is in ${name}`, () => {
    assert.equal(readConfig(['/data'], env).groupsFile, expected);
  });
}

for (const [name, argv] of [
  ['no data directory', []],
  ['an empty one', ['']],
  ['one that is relative', ['data']],
] as const) {
  test(`${name} is refused`, () => {
    assert.throws(() => readConfig(argv, {}), { code: 'badRequest', message: /absolute path of its data directory/ });
  });
}

for (const [given, expected] of [
  [undefined, 600_000],
  ['', 600_000],
  ['1', 60_000],
  ['0.5', 30_000],
] as const) {
  test(`the idle end after "${given}" minutes comes after ${expected} ms`, () => {
    assert.equal(readConfig(['/data'], { AGOR_IDLE_END_MINUTES: given }).idleEndMs, expected);
  });
}

for (const given of ['0', '-1', 'soon', 'Infinity', 'NaN', '1m']) {
  test(`"${given}" minutes are refused by the name of the variable`, () => {
    assert.throws(() => readConfig(['/data'], { AGOR_ORPHAN_GRACE_MINUTES: given }), {
      code: 'badRequest',
      message: /AGOR_ORPHAN_GRACE_MINUTES/,
    });
  });
}

for (const [given, expected] of [
  ['debug', 'debug'],
  ['WARN', 'warn'],
  ['verbose', 'info'],
  ['', 'info'],
] as const) {
  test(`the log level "${given}" means ${expected}`, () => {
    assert.equal(readConfig(['/data'], { LOG_LEVEL: given }).logLevel, expected);
  });
}

test('secrets come from the folder that systemd names, and from the descriptor that the command line names', () => {
  const config = readConfig(['/data', '--secrets-fd', '7'], { CREDENTIALS_DIRECTORY: '/run/credentials/agor.service' });
  assert.deepEqual([config.credentialsDir, config.secretsFd], ['/run/credentials/agor.service', 7]);
});

for (const flags of [['--secrets-fd'], ['--secrets-fd', 'x'], ['--secrets-fd', '-1'], ['--secrets-fd', '7', '8'], ['--verbose']]) {
  test(`"${flags.join(' ')}" after the data directory is refused`, () => {
    assert.throws(() => readConfig(['/data', ...flags], {}), { code: 'badRequest', message: /--secrets-fd/ });
  });
}
