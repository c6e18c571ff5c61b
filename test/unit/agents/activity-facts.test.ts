/** What is known of an agent's life, from what its sidecar tells. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { AgentId, SessionId } from '../../../server/protocol/ids.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { hashOf } from '../../support/test-stores.ts';
import { ids, permissionAsked, permissionRequest, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

const minuteMs = 60_000;

let world: AgentsWorld;
let agentId: AgentId;
let sessionId: SessionId;

beforeEach(() => {
  world = new AgentsWorld();
  agentId = world.addAgent();
  sessionId = world.feature.agents.createSession(agentId).id;
});
afterEach(() => world.remove());

function does(...events: AgentEvent[]): void {
  world.does(agentId, sessionId, ...events);
}

function facts() {
  return world.feature.activity.of(agentId);
}

test('an agent that has done nothing yet has no turn and no failure', () => {
  const { state, hasTurn, isUp, failure, hasOpenTools, waitsForAnswer } = facts();
  const expected = { state: 'stopped', hasTurn: false, isUp: false, failure: null, hasOpenTools: false, waitsForAnswer: false };
  assert.deepEqual({ state, hasTurn, isUp, failure, hasOpenTools, waitsForAnswer }, expected);
});

test('all that an agent does is life, and what its sidecar tells of it is not', () => {
  const lived: AgentId[] = [];
  world.feature.activity.alive.on((id) => void lived.push(id));
  const turn = ids.turn();
  const steps: AgentEvent[] = [turnStarted(turn), text(ids.item(), 0, 'a'), toolStarted(ids.item()), turnEnded(turn)];
  for (const event of steps) {
    world.clock.advance(minuteMs);
    does(event);
    assert.equal(facts().lastLifeAt, world.clock.elapsed());
  }
  const heardAt = world.clock.elapsed();
  world.clock.advance(minuteMs);
  does({ type: 'protocolError', problem: 'binary', offset: 0, bytes: 1, count: 9, detail: 'noise' });
  assert.equal(facts().lastLifeAt, heardAt);
  assert.deepEqual(
    lived,
    steps.map(() => agentId),
  );
  world.feature.activity.sawLife(agentId);
  assert.equal(facts().lastLifeAt, world.clock.elapsed());
});

test('a tool that the agent left running is at work, in its turn and after it', () => {
  const [turn, tool] = [ids.turn(), ids.item()];
  does(turnStarted(turn), toolStarted(tool));
  assert.deepEqual([facts().hasTurn, facts().hasOpenTools], [true, true]);
  does(turnEnded(turn));
  assert.deepEqual([facts().hasTurn, facts().hasOpenTools], [false, true]);
  does({ type: 'toolEnded', itemId: tool, status: 'ok' });
  assert.equal(facts().hasOpenTools, false);
});

test('a question is waited for, and its answer is life', async () => {
  const approval = ids.approval();
  does(turnStarted(ids.turn()), permissionAsked(approval));
  assert.equal(facts().waitsForAnswer, true);
  world.clock.advance(90 * minuteMs);
  await world.feature.answers.answer({ approval, hash: hashOf(permissionRequest), decision: 'deny' }, 'cli').catch(() => {});
  await Promise.resolve();
  assert.deepEqual([facts().waitsForAnswer, facts().lastLifeAt], [false, world.clock.elapsed()]);
});

test('a wait to try again goes on until its time, or until the agent goes on by itself', () => {
  const failure = { type: 'overloaded', message: 'busy', retryable: true } as const;
  does(turnStarted(ids.turn()), { type: 'retry', attempt: 1, maxAttempts: null, delayMs: 30 * minuteMs, failure });
  assert.equal(facts().retryAt, world.clock.elapsed() + 30 * minuteMs);
  does(text(ids.item(), 0, 'again'));
  assert.ok(facts().retryAt < 0);
});

test('saying and doing the same is counted, also in a circle of several steps, and anything new ends it', () => {
  does(turnStarted(ids.turn()));
  const begun = world.clock.elapsed();
  const circle = () => [text(ids.item(), 0, 'Let me try again.'), toolStarted(ids.item(), 'npm test'), text(ids.item(), 0, 'It failed.')];
  does(...circle());
  for (let time = 0; time < 5; time += 1) {
    world.clock.advance(minuteMs);
    does(...circle());
  }
  assert.deepEqual([facts().repeats, facts().lastNewsAt], [15, begun]);
  does(text(ids.item(), 0, 'I see.'));
  assert.deepEqual([facts().repeats, facts().lastNewsAt], [0, world.clock.elapsed()]);
  does(...circle());
  assert.equal(facts().repeats, 3);
  does(turnStarted(ids.turn()));
  assert.equal(facts().repeats, 0);
});

test('how its last turn failed is known until the next one begins, by the next backend too', async () => {
  const turn = ids.turn();
  const failure = { type: 'auth', message: 'The key is wrong.', retryable: false } as const;
  does(turnStarted(turn), { type: 'turnEnded', turnId: turn, reason: 'failed', failure });
  assert.equal(facts().failure, 'The key is wrong.');
  await world.nextBackend();
  assert.equal(facts().failure, 'The key is wrong.');
  const next = ids.turn();
  does(turnStarted(next));
  assert.equal(facts().failure, null);
  does({ type: 'turnEnded', turnId: next, reason: 'crashed', failure: null });
  assert.equal(facts().failure, 'its last turn crashed');
  const last = ids.turn();
  does(turnStarted(last), turnEnded(last));
  assert.equal(facts().failure, null);
});

test('of an earlier backend nothing is known, so silence counts anew', async () => {
  does(turnStarted(ids.turn()));
  world.clock.advance(90 * minuteMs);
  await world.nextBackend();
  assert.equal(facts().lastLifeAt, world.clock.elapsed());
});

test('an agent that is removed is forgotten', async () => {
  does(turnStarted(ids.turn()), text(ids.item(), 0, 'a'));
  await world.feature.agents.remove(agentId, 'cli');
  assert.throws(() => facts(), { code: 'notFound' });
});
