import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideRestart, recentRestarts, restartWindowMs } from '../../../../extension/backend/restart-policy.ts';

const now = 10_000_000;
const cases: { name: string; restartedAt: number[]; expected: ReturnType<typeof decideRestart> }[] = [
  { name: 'the first restart waits a second', restartedAt: [], expected: { kind: 'restart', delayMs: 1_000 } },
  { name: 'the second waits two', restartedAt: [now - 5_000], expected: { kind: 'restart', delayMs: 2_000 } },
  { name: 'the third waits four', restartedAt: [now - 9_000, now - 5_000], expected: { kind: 'restart', delayMs: 4_000 } },
  {
    name: 'a fourth within five minutes is left to a person',
    restartedAt: [now - 9_000, now - 7_000, now - 1_000],
    expected: { kind: 'giveUp' },
  },
  {
    name: 'what is older than five minutes no longer counts',
    restartedAt: [now - restartWindowMs, now - restartWindowMs - 1, now - 1_000],
    expected: { kind: 'restart', delayMs: 2_000 },
  },
];

for (const { name, restartedAt, expected } of cases) {
  test(name, () => assert.deepEqual(decideRestart(restartedAt, now), expected));
}

test('only restarts inside the window are remembered', () => {
  assert.deepEqual(recentRestarts([now - restartWindowMs, now - 1], now), [now - 1]);
});
