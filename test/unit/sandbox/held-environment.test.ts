import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdEnvironment, releaseEnvironment } from '../../../server/sandbox/held-environment.ts';

const program = {
  PATH: '/usr/bin',
  HOME: '/home/ada',
  LD_PRELOAD: '/project/evil.so',
  LD_LIBRARY_PATH: '/project/lib',
  NODE_OPTIONS: '--require /project/evil.cjs',
  NODE_COMPILE_CACHE: '/project/cache',
  OPENSSL_CONF: '/project/openssl.cnf',
  ELECTRON_RUN_AS_NODE: '1',
};

test('nothing that could load the agent’s code reaches the layers themselves', () => {
  const held = holdEnvironment(program, {});
  assert.deepEqual(
    Object.keys(held).filter((name) => /^(LD_|NODE_|OPENSSL_|ELECTRON_)/.test(name)),
    [],
  );
  assert.equal(held.PATH, '/usr/bin');
});

test('the program gets exactly what it should, and not what only the launcher needs', () => {
  assert.deepEqual(releaseEnvironment(holdEnvironment(program, { ELECTRON_RUN_AS_NODE: '1' })), program);
  const { ELECTRON_RUN_AS_NODE: _, ...without } = program;
  assert.deepEqual(releaseEnvironment(holdEnvironment(without, { ELECTRON_RUN_AS_NODE: '1' })), without);
});
