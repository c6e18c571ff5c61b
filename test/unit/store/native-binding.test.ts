import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeBindingName } from '../../../server/store/native-binding.ts';

for (const [platform, architecture, isMusl, name] of [
  ['linux', 'x64', false, 'linux-x64.node'],
  ['linux', 'arm64', true, 'linuxmusl-arm64.node'],
  ['darwin', 'arm64', false, 'darwin-arm64.node'],
  ['win32', 'x64', false, 'win32-x64.node'],
] as const) {
  test(`${platform} on ${architecture}${isMusl ? ' with musl' : ''} loads ${name}`, () => {
    assert.equal(nativeBindingName({ platform, architecture, isMusl }), name);
  });
}
