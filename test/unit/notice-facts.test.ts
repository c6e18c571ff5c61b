import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  agentFact,
  deadLetterFact,
  diskFact,
  type EndedTurn,
  problemFacts,
  questionFact,
  questionWaitsMs,
  turnFact,
} from '../../server/notice-facts.ts';
import { SessionId } from '../../server/protocol/ids.ts';
import { DeadLetter } from '../../server/protocol/message.ts';
import { sampleAgent, sampleApproval } from '../support/protocol-samples.ts';

const agent = sampleAgent({ name: 'ada' });
const sessionId = SessionId.parse(randomUUID());
const turn: EndedTurn = {
  ...{ key: 't', sessionId, sessionTitle: 'Fix the login', reason: 'completed', failure: null, isWatched: false, isForPerson: true },
};

const turns: [string, Partial<EndedTurn>, string | undefined][] = [
  ['that a person asked for and nobody saw end', {}, 'agent_complete'],
  ['that somebody saw end', { isWatched: true }, undefined],
  ['that mail or the scheduler began', { isForPerson: false }, undefined],
  ['that failed, whoever began it', { reason: 'failed', isForPerson: false }, 'agent_error'],
  ['that reached a limit', { reason: 'limit' }, 'agent_error'],
  ['that the person stopped', { reason: 'interrupted' }, undefined],
  ['that crashed, which is restarted', { reason: 'crashed' }, undefined],
];
for (const [name, fields, type] of turns) {
  test(`a turn ${name} makes ${type ?? 'no notice'}`, () => assert.equal(turnFact(agent, { ...turn, ...fields })?.type, type));
}

test('a finished turn leads to its session and says which it was', () => {
  const fact = turnFact(agent, turn);
  assert.deepEqual([fact?.agentId, fact?.sessionId, fact?.text], [agent.id, sessionId, 'Fix the login']);
});

test('an agent that has failed is news when it had not before, and not when it was only found so', () => {
  const failed = sampleAgent({ name: 'ada', state: 'failed', stateDetail: 'Flapping: crashed 7 times' });
  assert.equal(agentFact(failed, 'running', 1)?.text, 'Flapping: crashed 7 times');
  assert.equal(agentFact(failed, 'failed', 1), undefined);
  assert.equal(agentFact(failed, undefined, 1), undefined);
  assert.equal(agentFact(agent, 'running', 1), undefined);
});

test('a question that has waited long is told once, by its key', () => {
  const approval = sampleApproval({ askedAt: 0 });
  assert.equal(questionFact(approval, 'ada', questionWaitsMs - 1), undefined);
  const [once, again] = [questionFact(approval, 'ada', questionWaitsMs), questionFact(approval, 'ada', 2 * questionWaitsMs)];
  assert.ok(once);
  assert.equal(once.key, again?.key);
});

test('only problems that were not there before are told', () => {
  assert.deepEqual(
    problemFacts(['old', 'new'], ['old'], 1).map(({ text }) => text),
    ['new'],
  );
});

test('a disk is low below a gibibyte, once a day', () => {
  assert.equal(diskFact(1024 ** 3, 0), undefined);
  assert.match(diskFact(5 * 1024 ** 2, 0)?.text ?? '', /^5 MiB are free/);
  assert.equal(diskFact(1, 0)?.key, diskFact(2, 3_600_000)?.key);
});

test('a dead letter is told with its reason, and a settled one not', () => {
  const party = (name: string) => ({ id: randomUUID(), name });
  const letter = { id: randomUUID(), messageId: randomUUID(), from: party('ada'), to: party('bob'), error: 'It was too late.' };
  const open = DeadLetter.parse({ ...letter, content: 'hello', attempts: 1, sentAt: 1, diedAt: 1, settlement: null, settledAt: null });
  assert.match(deadLetterFact(open)?.title ?? '', /from ada to bob/);
  assert.equal(deadLetterFact({ ...open, settlement: 'discarded' }), undefined);
});
