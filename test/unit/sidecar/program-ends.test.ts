import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import { becauseOfExit, becauseOfFailure } from '../../../server/sidecar/program-end-reason.ts';
import { nextProgramStep, type ProgramEnd, type ProgramStep } from '../../../server/sidecar/program-ends.ts';

const now = 1_000_000;
const secondsAgo = (...seconds: number[]) => seconds.map((ago) => now - ago * 1_000);

type Row = readonly [what: string, end: ProgramEnd, crashes: readonly number[], step: ProgramStep];

const restart = (recentExits: number, delayMs: number): ProgramStep => ({ decision: 'restart', recentExits, delayMs });
const offline = (recentExits: number): ProgramStep => ({ decision: 'offline', recentExits, delayMs: null });
const giveUp = (recentExits: number): ProgramStep => ({ decision: 'giveUp', recentExits, delayMs: null });

const crash = (runtimeMs: number): ProgramEnd => ({ runtimeMs, because: null });

const rows: Row[] = [
  ['the first crash', crash(0), [], restart(1, 500)],
  ['the second', crash(0), secondsAgo(1), restart(2, 1_000)],
  ['the third', crash(14_999), secondsAgo(1, 2), restart(3, 1_500)],
  ['the fourth rapid one within the window', crash(14_999), secondsAgo(1, 2, 3), giveUp(4)],
  ['the fourth when it had really come up', crash(15_000), secondsAgo(1, 2, 3), restart(4, 2_000)],
  ['the fourth when one of the others is out of the window', crash(0), secondsAgo(1, 2, 60), restart(3, 1_500)],
  ['the fourth with the others just inside of it', crash(0), secondsAgo(1, 2, 59.999), giveUp(4)],
  ['many slow ones: the delay ends at its longest', crash(60_000), secondsAgo(...Array(30).keys()), restart(31, 10_000)],
  ['a clean end', { runtimeMs: 1, because: 'clean' }, [], offline(1)],
  ['a clean end after crashes', { runtimeMs: 1, because: 'clean' }, secondsAgo(1, 2, 3, 4), offline(5)],
  ['an end after a failed turn', { runtimeMs: 1, because: 'failedTurn' }, [], offline(1)],
  ['a wrong program', { runtimeMs: 0, because: 'wrongProgram' }, secondsAgo(1), offline(2)],
  ['an end that we asked for', { runtimeMs: 99_999, because: 'ended' }, [], offline(1)],
];

describe('what is done about a program that ended by itself', () => {
  for (const [what, end, crashes, step] of rows) {
    it(`${what}: ${step.decision}`, () => assert.deepEqual(nextProgramStep(end, crashes, now), step));
  }
});

describe('why a program is not simply started again', () => {
  it('is read from its exit and the turn before', () => {
    assert.equal(becauseOfExit({ code: 0, signal: null }, null), 'clean');
    assert.equal(becauseOfExit({ code: 0, signal: null, wasAsked: true }, null), 'ended');
    assert.equal(becauseOfExit({ code: 1, signal: null }, 'failed'), 'failedTurn');
    assert.equal(becauseOfExit({ code: 1, signal: null }, 'completed'), null);
    assert.equal(becauseOfExit({ code: null, signal: 'SIGSEGV' }, 'crashed'), null);
    assert.equal(becauseOfExit({ code: 137, signal: null, overBound: 'its memory bound of 1 MB' }, null), null);
  });

  it('is read from the error of its start, however deep the cause', () => {
    const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'spawn' });
    const told = new AgorError('agentFailed', 'not found', { cause: new AgorError('agentFailed', 'x', { cause: missing }) });
    assert.equal(becauseOfFailure(told), 'wrongProgram');
    assert.equal(becauseOfFailure(new AgorError('needsCredentials', 'log in')), 'wrongProgram');
    assert.equal(becauseOfFailure(new AgorError('agentFailed', 'ended at once')), null);
    assert.equal(becauseOfFailure(new Error('ENOENT: a word')), null);
    assert.equal(becauseOfFailure('anything'), null);
  });
});
