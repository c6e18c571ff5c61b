import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileRights, rulesetAttributes } from '../../../server/sandbox/landlock.ts';

const limited = { tcpConnect: [443], tcpBind: [] } as const;

for (const [abi, rights, bytes] of [
  [1, 0x1fffn, 8],
  [2, 0x3fffn, 8],
  [3, 0x7fffn, 8],
  [4, 0x7fffn, 16],
  [5, 0xffffn, 16],
  [6, 0xffffn, 24],
  [7, 0xffffn, 24],
] as const) {
  test(`version ${abi} is asked for what it knows and nothing else`, () => {
    assert.equal(fileRights(abi), rights);
    assert.equal(rulesetAttributes(limited, abi).length, bytes);
  });
}

test('ports are held back in each direction that is limited, and in no other', () => {
  const ports = (tcpConnect: readonly number[] | 'any', tcpBind: readonly number[] | 'any') =>
    rulesetAttributes({ tcpConnect, tcpBind }, 7).readBigUInt64LE(8);
  assert.equal(ports('any', 'any'), 0n);
  assert.equal(ports([], 'any'), 2n);
  assert.equal(ports('any', []), 1n);
  assert.equal(ports([443], []), 3n);
});

test('signals and abstract sockets are held back', () => {
  assert.equal(rulesetAttributes(limited, 6).readBigUInt64LE(16), 3n);
});
