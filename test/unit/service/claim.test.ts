import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnerRecord } from '../../../server/protocol/owner-record.ts';
import { stepFor } from '../../../server/service/claim.ts';

const build = { version: '1.2.0', gitSha: 'abc', buildTime: 100, nodeVersion: 'v24' };
const owner: OwnerRecord = { pid: 7, startTime: '1', bootId: 'b', build, socketPath: '/s', startedAt: 1 };
const own = { build, dataDir: '/data' };

for (const [name, running, expected] of [
  ['one that is just starting is waited for', undefined, 'wait'],
  ['one of the same build makes way', owner, 'takeOver'],
  ['one of an older build makes way', { ...owner, build: { ...build, buildTime: 99 } }, 'takeOver'],
  ['one that says that it is no service makes way', { ...owner, isService: false }, 'takeOver'],
] as const) {
  test(name, () => assert.equal(stepFor(running, own), expected));
}

test('a service stays, and the sentence says how to end it', () => {
  assert.throws(() => stepFor({ ...owner, isService: true }, own), {
    code: 'conflict',
    message: 'A service serves /data already (pid 7). Stop it with "agor backend stop", or give this one another data directory.',
  });
});

test('one of a newer build stays, because its databases may be newer too', () => {
  assert.throws(() => stepFor({ ...owner, build: { ...build, version: '2.0', buildTime: 101 } }, own), {
    code: 'outdated',
    message: /of a newer build, 2\.0 \(abc\), than this program/,
  });
});
