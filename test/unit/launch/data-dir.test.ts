import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataDirSources, resolveDataDir } from '../../../server/launch/data-dir.ts';

const linux: DataDirSources = { env: {}, home: '/home/me', platform: 'linux' };

const rows: readonly [name: string, sources: DataDirSources, expected: string][] = [
  ['nothing', linux, '/home/me/.local/share/agor'],
  ['the place for data', { ...linux, env: { XDG_DATA_HOME: '/data' } }, '/data/agor'],
  ['a relative place for data, which does not count', { ...linux, env: { XDG_DATA_HOME: 'data' } }, '/home/me/.local/share/agor'],
  ['the setting', { ...linux, setting: '/set' }, '/set'],
  ['the setting in the home folder', { ...linux, setting: '~/agor data' }, '/home/me/agor data'],
  ['an empty setting', { ...linux, setting: '' }, '/home/me/.local/share/agor'],
  ['the variable', { ...linux, env: { AGOR_DATA_DIR: '/var/agor' } }, '/var/agor'],
  ['an empty variable', { ...linux, env: { AGOR_DATA_DIR: '' }, setting: '/set' }, '/set'],
  ['variable before setting', { ...linux, env: { AGOR_DATA_DIR: '/var/agor', XDG_DATA_HOME: '/data' }, setting: '/set' }, '/var/agor'],
  ['macOS', { ...linux, platform: 'darwin' }, '/home/me/.local/share/agor'],
];

for (const [name, sources, expected] of rows) {
  test(`${name} gives ${expected}`, () => assert.equal(resolveDataDir(sources), expected));
}

for (const chosen of ['data', './data', '~other/data', '~']) {
  test(`"${chosen}" is refused, because nothing is resolved against a working directory`, () => {
    assert.throws(() => resolveDataDir({ ...linux, setting: chosen }), { code: 'badRequest', message: /must be an absolute path/ });
    assert.throws(() => resolveDataDir({ ...linux, env: { AGOR_DATA_DIR: chosen } }), { code: 'badRequest' });
  });
}
