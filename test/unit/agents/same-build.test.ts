import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireSameBuild } from '../../../server/agents/same-build.ts';
import { helloOf, newRecord } from '../../support/supervisor-world.ts';

const hello = helloOf(newRecord());

test('a sidecar that this backend started is of its own build, or is refused by the names of both', () => {
  requireSameBuild({ isAdopted: false, because: undefined }, hello, 'b');
  const run = { isAdopted: false, because: undefined };
  assert.throws(() => requireSameBuild(run, hello, 'c'), {
    code: 'outdated',
    message: /of build b, and this backend, which started it, of c/,
  });
  assert.match(run.because ?? '', /install Agent Orchestrator again/);
});

test('one that was taken over may be of another build', () => {
  requireSameBuild({ isAdopted: true, because: undefined }, hello, 'c');
});
