/** Which prompts a turn answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { PromptId, TurnId } from '../../../../../server/protocol/ids.ts';
import { Turns } from '../../../../../server/sidecar/adapters/claude/turns.ts';

const completed = { reason: 'completed', failure: null } as const;
const [one, two] = [newId<PromptId>(), newId<PromptId>()];

/** Prompts of a start, reason of an end. */
const shown = (events: readonly AgentEvent[]) =>
  events.map((event) => (event.type === 'turnStarted' ? event.promptIds : event.type === 'turnEnded' ? event.reason : event.type));

test('a prompt begins a turn at once, and its result ends it', () => {
  const turns = new Turns({ newId });
  assert.deepEqual(shown(turns.prompted(one)), [[one]]);
  assert.deepEqual(turns.began(one), []);
  assert.deepEqual(turns.began(null), []);
  assert.equal(turns.endsOpenTurn([one], false), true);
  assert.deepEqual(shown(turns.ended(completed, [one])), ['completed']);
  assert.deepEqual(turns.finished(one, completed), []);
});

test('a prompt that the running turn took in has a turn that ends with it', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  assert.deepEqual(turns.prompted(two), []);
  assert.deepEqual(shown(turns.ended(completed, [one, two])), ['completed', [two], 'completed']);
});

test('a prompt that waited begins its own turn when the program turns to it', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  turns.prompted(two);
  assert.deepEqual(shown(turns.ended(completed, [one])), ['completed']);
  assert.deepEqual(shown(turns.began(two)), [[two]]);
  assert.deepEqual(turns.began(null), []);
});

test('a program that names no prompt is taken to work on the oldest that waits', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  turns.prompted(two);
  turns.ended(completed, [one]);
  assert.deepEqual(shown(turns.began(null)), [[two]]);
});

test('a turn that the agent begins by itself has no prompts', () => {
  const turns = new Turns({ newId });
  assert.deepEqual(shown(turns.began(null)), [[]]);
  assert.equal(turns.endsOpenTurn([], true), true);
});

test('the end of the agent’s own turn does not end that of a prompt given meanwhile', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  assert.equal(turns.endsOpenTurn([], true), false);
  assert.equal(turns.endsOpenTurn([two], false), false);
  assert.equal(turns.endsOpenTurn([], false), true);
});

test('a prompt that the agent’s own turn took in is told as well', () => {
  const turns = new Turns({ newId });
  turns.began(null);
  turns.prompted(one);
  assert.deepEqual(shown(turns.ended(completed, [one])), ['completed', [one], 'completed']);
});

test('a prompt that was told as part of the turn gets no turn of its own from that, and one where it begins a turn', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  assert.deepEqual(turns.prompted(two, newId<TurnId>()), []);
  assert.deepEqual(shown(turns.ended(completed, [one, two])), ['completed']);
  turns.prompted(one);
  turns.prompted(two, newId<TurnId>());
  assert.deepEqual(shown(turns.ended(completed, [one])), ['completed']);
  assert.deepEqual(shown(turns.began(two)), [[two]]);
});

test('a prompt that the program is done with ends its turn, even without a result', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  assert.deepEqual(shown(turns.finished(one, completed)), ['completed']);
});

test('when the program is gone, every prompt it was given has ended', () => {
  const turns = new Turns({ newId });
  turns.prompted(one);
  turns.prompted(two);
  assert.deepEqual(shown(turns.endAll({ reason: 'crashed', failure: null })), ['crashed', [two], 'crashed']);
  assert.equal(turns.isOpen, false);
});
