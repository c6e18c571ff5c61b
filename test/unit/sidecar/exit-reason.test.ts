import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitReason } from '../../../server/sidecar/exit-reason.ts';

const cases: readonly [exit: Parameters<typeof exitReason>[0], reason: string][] = [
  [{ code: 0, signal: null }, 'exit code 0'],
  [{ code: 3, signal: null }, 'exit code 3'],
  [{ code: null, signal: 'SIGKILL' }, 'signal SIGKILL'],
  [{ code: 137, signal: null }, 'signal SIGKILL'],
  [{ code: 143, signal: null }, 'signal SIGTERM'],
  [{ code: 128, signal: null }, 'exit code 128'],
  [{ code: 255, signal: null }, 'exit code 255'],
];

for (const [exit, reason] of cases) test(`${JSON.stringify(exit)} is ${reason}`, () => assert.equal(exitReason(exit), reason));
