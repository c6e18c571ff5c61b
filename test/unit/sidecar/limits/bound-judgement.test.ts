import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResourceLimits } from '../../../../server/protocol/supervision.ts';
import { boundText, endedBy, judge, nothingSeen, type Usage } from '../../../../server/sidecar/limits/bound-judgement.ts';

const limits: ResourceLimits = { memoryMb: 100, processes: 10, openFiles: 64, cpuPercent: 100, maxHeapMb: 64, hardTurnMinutes: 1 };
const mb = 1024 * 1024;

/** What is decided at each of these looks. */
function judged(usages: readonly Usage[]): string[] {
  let seen = nothingSeen;
  return usages.map((usage) => {
    const judgement = judge(seen, usage, limits);
    seen = judgement.seen;
    return judgement.over ? `over ${judgement.over}` : (judgement.told ?? '-');
  });
}

describe('a program at its bounds', () => {
  it('ends at once when it has more memory than it may', () => {
    assert.deepEqual(judged([{ memoryBytes: 100 * mb }, { memoryBytes: 100 * mb + 1 }]), ['-', 'over memory']);
  });

  it('goes on when the kernel ended one of its processes, which is told once for each look', () => {
    assert.deepEqual(judged([{ oomKills: 1 }, { oomKills: 1 }, { oomKills: 5 }]), ['memory', '-', 'memory']);
  });

  it('ends when it is refused more processes at three looks in a row, and not before', () => {
    assert.deepEqual(judged([{ refusedForks: 9 }, { refusedForks: 900 }, { refusedForks: 901 }]), ['processes', '-', 'over processes']);
    const withPause = [{ refusedForks: 1 }, { refusedForks: 2 }, { refusedForks: 2 }, { refusedForks: 3 }, { refusedForks: 4 }];
    assert.deepEqual(judged(withPause), ['processes', '-', '-', 'processes', '-']);
  });

  it('is judged by the number of its processes where refusals cannot be seen', () => {
    assert.deepEqual(judged([{ processes: 9 }, { processes: 10 }, { processes: 12 }, { processes: 10 }]), [
      '-',
      'processes',
      '-',
      'over processes',
    ]);
  });
});

describe('the bound that ended a program', () => {
  it('is its memory when the kernel killed it, whoever passes the signal on', () => {
    assert.equal(endedBy(nothingSeen, { oomKills: 1 }, { code: null, signal: 'SIGKILL' }), 'memory');
    assert.equal(endedBy(nothingSeen, { oomKills: 1 }, { code: 137, signal: null }), 'memory');
    assert.equal(endedBy(nothingSeen, { oomKills: 1 }, { code: 1, signal: null }), null, 'it was one of its children');
    assert.equal(endedBy({ ...nothingSeen, oomKills: 1 }, { oomKills: 1 }, { code: 137, signal: null }), null, 'that was told before');
  });

  it('is its processes when it did not get over a refusal', () => {
    assert.equal(endedBy(nothingSeen, { refusedForks: 3 }, { code: 1, signal: null }), 'processes');
    assert.equal(endedBy(nothingSeen, { refusedForks: 3 }, { code: 0, signal: null }), null);
    assert.equal(endedBy(nothingSeen, {}, { code: null, signal: 'SIGKILL' }), null);
  });

  it('has a name that says how much it is', () => {
    assert.equal(boundText('memory', limits), 'its memory bound of 100 MB');
    assert.equal(boundText('processes', limits), 'its bound of 10 processes');
  });
});
