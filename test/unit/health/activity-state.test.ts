import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ActivityFacts, activityState, mostRepeats, type StallRules, stallOf } from '../../../server/health/activity-state.ts';

const minute = 60_000;
const rules: StallRules = { silenceMs: 15 * minute, toolSilenceMs: 240 * minute };
const now = 1_000 * minute;

const idle: ActivityFacts = {
  isUp: true,
  hasTurn: false,
  waitsForAnswer: false,
  hasOpenTools: false,
  lastLifeAt: now,
  lastNewsAt: now,
  repeats: 0,
  retryAt: Number.NEGATIVE_INFINITY,
};
const silentFor = (minutes: number) => ({ lastLifeAt: now - minutes * minute, lastNewsAt: now - minutes * minute });
const turn = { ...idle, hasTurn: true };

for (const [name, facts, expected] of [
  ['without a program', { ...idle, isUp: false, ...silentFor(900) }, 'inactive'],
  ['without a turn', { ...idle, ...silentFor(900) }, 'idle'],
  ['without a turn, with a task in the background', { ...idle, hasOpenTools: true, ...silentFor(900) }, 'running'],
  ['with a turn that says something', turn, 'running'],
  ['with a turn while its channel is broken', { ...turn, isUp: false }, 'running'],
  ['just short of the threshold', { ...turn, lastLifeAt: now - 15 * minute + 1 }, 'running'],
  ['silent for the threshold', { ...turn, ...silentFor(15) }, 'stalled'],
  ['silent, its channel broken', { ...turn, isUp: false, ...silentFor(15) }, 'stalled'],
  ['silent since long ago', { ...turn, ...silentFor(900) }, 'stalled'],
  ['silent while a tool is in flight', { ...turn, hasOpenTools: true, ...silentFor(15) }, 'running'],
  ['silent while a tool is in flight, up to its own limit', { ...turn, hasOpenTools: true, ...silentFor(239) }, 'running'],
  ['silent while a tool is in flight, beyond its own limit', { ...turn, hasOpenTools: true, ...silentFor(240) }, 'stalled'],
  ['silent while a person is asked', { ...turn, waitsForAnswer: true, ...silentFor(900) }, 'running'],
  ['silent until it tries again', { ...turn, retryAt: now + 1, ...silentFor(20) }, 'running'],
  ['silent, and it should have tried again only now', { ...turn, retryAt: now, ...silentFor(20) }, 'running'],
  ['silent, and it should have tried again long ago', { ...turn, retryAt: now - 15 * minute, ...silentFor(20) }, 'stalled'],
  ['saying the same a few times', { ...turn, repeats: mostRepeats - 1, lastNewsAt: now - 900 * minute }, 'running'],
  ['saying the same again and again, not for long', { ...turn, repeats: 500, lastNewsAt: now - 14 * minute }, 'running'],
  ['saying the same again and again', { ...turn, repeats: mostRepeats, lastNewsAt: now - 15 * minute }, 'stalled'],
  ['calling the same tool again and again', { ...turn, hasOpenTools: true, repeats: 40, lastNewsAt: now - 15 * minute }, 'stalled'],
  ['asking a person the same again', { ...turn, waitsForAnswer: true, repeats: 40, lastNewsAt: now - 15 * minute }, 'running'],
] as const) {
  test(`an agent ${name} is ${expected}`, () => {
    assert.equal(activityState(facts, rules, now), expected);
  });
}

test('a threshold longer than the limit of a tool counts for tools as well', () => {
  const patient = { silenceMs: 300 * minute, toolSilenceMs: 240 * minute };
  assert.equal(activityState({ ...turn, hasOpenTools: true, ...silentFor(290) }, patient, now), 'running');
});

test('what stalled it is told apart', () => {
  assert.equal(stallOf({ ...turn, ...silentFor(15) }, rules, now), 'silent');
  assert.equal(stallOf({ ...turn, repeats: 40, lastNewsAt: now - 15 * minute }, rules, now), 'repeating');
  assert.equal(stallOf(turn, rules, now), undefined);
});
