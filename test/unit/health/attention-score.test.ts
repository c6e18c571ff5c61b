import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttentionFacts, attentionScore } from '../../../server/health/attention-score.ts';

const nothing: AttentionFacts = {
  stall: undefined,
  stallThresholdMin: 15,
  failure: null,
  contextPressure: null,
  fileConflicts: 0,
  reviewTasks: 0,
};
const everything: AttentionFacts = {
  ...nothing,
  stall: 'silent',
  failure: 'the key is wrong',
  contextPressure: 0.99,
  fileConflicts: 2,
  reviewTasks: 9,
};

for (const [name, facts, score, reason] of [
  ['nothing', nothing, 0, /^$/],
  ['everything', everything, 100, /^Stalled: its turn runs, and nothing was heard of it for 15 min or longer\.$/],
  ['a loop', { ...everything, stall: 'repeating', stallThresholdMin: 20 }, 100, /^Stalled: it has only repeated itself for 20 min/],
  ['all but a stall', { ...everything, stall: undefined }, 90, /^Its session is in error: the key is wrong$/],
  ['a context above 90 %', { ...nothing, contextPressure: 0.901, fileConflicts: 1 }, 80, /^Its context is more than 90 % full\.$/],
  ['a context of exactly 90 %', { ...nothing, contextPressure: 0.9 }, 40, /more than 75 % full/],
  ['a context above 75 %', { ...nothing, contextPressure: 0.76 }, 40, /^Its context is more than 75 % full\.$/],
  ['a context of exactly 75 %', { ...nothing, contextPressure: 0.75 }, 0, /^$/],
  ['a file of two', { ...nothing, fileConflicts: 1, contextPressure: 0.8 }, 70, /^A file was written by it and by someone else\.$/],
  ['files of two', { ...nothing, fileConflicts: 3 }, 70, /^3 files were written/],
  ['one review', { ...nothing, reviewTasks: 1 }, 10, /^1 task waits for review\.$/],
  ['four reviews', { ...nothing, reviewTasks: 4 }, 40, /^4 tasks wait for review\.$/],
  ['five reviews', { ...nothing, reviewTasks: 5 }, 50, /^5 tasks/],
  ['fifty reviews', { ...nothing, reviewTasks: 50 }, 50, /^50 tasks/],
  ['three reviews and a full context', { ...nothing, reviewTasks: 3, contextPressure: 0.8 }, 40, /context/],
  ['five reviews and a full context', { ...nothing, reviewTasks: 5, contextPressure: 0.8 }, 50, /review/],
] as const) {
  test(`${name}: ${score}`, () => {
    const attention = attentionScore(facts);
    assert.equal(attention.score, score);
    assert.match(attention.reason, reason);
  });
}

test('the signal that wins is named, so that nobody has to read it from the words', () => {
  const signals = [
    everything,
    { ...everything, stall: undefined },
    { ...nothing, contextPressure: 0.95, fileConflicts: 1 },
    { ...nothing, fileConflicts: 1, contextPressure: 0.8 },
    { ...nothing, contextPressure: 0.8, reviewTasks: 4 },
    { ...nothing, reviewTasks: 1 },
    nothing,
  ].map((facts) => attentionScore(facts).signal);
  assert.deepEqual(signals, ['stall', 'error', 'context', 'conflict', 'context', 'review', null]);
});
