import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { ItemId, PartyId, SessionId } from '../../../server/protocol/ids.ts';
import { DeadLetter, type DeliveryState, partyIds } from '../../../server/protocol/message.ts';
import type { Party } from '../../../server/protocol/team.ts';
import {
  agentFact,
  deadLetterFact,
  diskFact,
  type EndedTurn,
  incidentOverFact,
  isReadByPerson,
  messageFact,
  problemFacts,
  questionFact,
  retentionFact,
  rotatedFact,
  storageFacts,
  taskFact,
  turnFact,
  withheldFacts,
} from '../../../server/wiring/notice-facts.ts';
import { delivery } from '../../support/chat-harness/mail-data.ts';
import { sampleAgent, sampleApproval, sampleMessage, sampleTask } from '../../support/protocol-samples.ts';

const agent = sampleAgent({ name: 'ada' });
const sessionId = SessionId.parse(randomUUID());
const itemId = ItemId.parse(randomUUID());
const turn: EndedTurn = {
  ...{
    key: 't',
    sessionId,
    sessionTitle: 'Fix the login',
    itemId,
    reason: 'completed',
    failure: null,
    isWatched: false,
    isForPerson: true,
  },
};

const turns: [string, Partial<EndedTurn>, string | undefined][] = [
  ['that a person asked for and nobody saw end', {}, 'agent_complete'],
  ['that somebody saw end', { isWatched: true }, undefined],
  ['that mail or the scheduler began', { isForPerson: false }, undefined],
  ['that failed, whoever began it', { reason: 'failed', isForPerson: false }, 'agent_error'],
  ['that reached a limit', { reason: 'limit' }, 'agent_error'],
  ['that the person stopped', { reason: 'interrupted' }, undefined],
  ['that crashed', { reason: 'crashed' }, 'agent_error'],
  ['that crashed while somebody looked', { reason: 'crashed', isWatched: true }, undefined],
];
for (const [name, fields, type] of turns) {
  test(`a turn ${name} makes ${type ?? 'no notice'}`, () => assert.equal(turnFact(agent, { ...turn, ...fields })?.type, type));
}

test('a finished turn leads to its end and says which session it was', () => {
  const fact = turnFact(agent, turn);
  assert.deepEqual(fact?.place, { kind: 'turn', agentId: agent.id, sessionId, itemId });
  assert.deepEqual(fact.about, { kind: 'turnFinished', agent: 'ada', session: 'Fix the login' });
});

test('an agent that has failed is news when it had not before, and not when it was only found so', () => {
  const failed = sampleAgent({ name: 'ada', state: 'failed', stateDetail: 'Flapping: crashed 7 times' });
  const about = { kind: 'agentFailed', agent: 'ada', detail: 'Flapping: crashed 7 times' };
  assert.deepEqual(agentFact(failed, 'running', 1)?.about, about);
  assert.equal(agentFact(failed, 'failed', 1), undefined);
  assert.equal(agentFact(failed, undefined, 1), undefined);
  assert.equal(agentFact(agent, 'running', 1), undefined);
});

test('a question leads to where it is asked, and is one by its key whenever it is told', () => {
  const approval = sampleApproval();
  const [once, again] = [questionFact(approval, { name: 'ada', itemId }), questionFact(approval, { name: 'ada', itemId: null })];
  const { id: approvalId, agentId, sessionId: where } = approval;
  assert.deepEqual(once.place, { kind: 'question', agentId, sessionId: where, itemId, approvalId });
  assert.equal(once.key, again.key);
});

test('a message to the person is told while it is not read, of an agent alone, and is more urgent when it expects a reply', () => {
  const [from, person] = [
    { id: PartyId.parse(agent.id), name: 'ada' },
    { id: partyIds.person, name: 'you' },
  ];
  const sent = (state: DeliveryState, to: Party = person) =>
    sampleMessage({ from, expectsReply: false, deliveries: [delivery(to, state, 1)] });
  const unread = sent('queued');
  assert.deepEqual(messageFact(unread)?.place, { kind: 'message', agentId: agent.id, messageId: unread.id });
  assert.equal(messageFact(unread)?.type, 'info');
  assert.equal(messageFact({ ...unread, expectsReply: true })?.type, 'warning');
  assert.deepEqual([messageFact(sent('seen')), isReadByPerson(sent('seen'))], [undefined, true]);
  assert.deepEqual([messageFact(sent('queued', from)), isReadByPerson(sent('seen', from))], [undefined, false]);
  assert.equal(messageFact({ ...unread, from: { id: partyIds.system, name: 'system' } }), undefined);
});

test('a task that an agent has finished is a success, and one that the person moved is none', () => {
  const task = sampleTask();
  const fact = taskFact(task, { id: PartyId.parse(agent.id), name: 'ada' });
  assert.deepEqual([fact?.type, fact?.place], ['success', { kind: 'task', teamId: task.teamId, taskId: task.id }]);
  assert.equal(taskFact(task, { id: partyIds.person, name: 'you' }), undefined);
});

test('only problems that were not there before are told, and those that are gone', () => {
  assert.deepEqual(
    problemFacts(['old', 'new'], ['old', 'solved'], 1).map(({ type, about }) => [type, about]),
    [
      ['success', { kind: 'problemGone', problem: 'solved' }],
      ['error', { kind: 'problem', problem: 'new' }],
    ],
  );
});

test('a disk is low below a gibibyte, once a day', () => {
  assert.equal(diskFact(1024 ** 3, 0), undefined);
  assert.deepEqual(diskFact(5 * 1024 ** 2, 0)?.about, { kind: 'diskLow', freeMib: 5 });
  assert.equal(diskFact(1, 0)?.key, diskFact(2, 3_600_000)?.key);
});

test('that old messages will go is told with the day, and leads to where a person decides', () => {
  const fact = retentionFact({ messages: 7, days: 90, beginsAt: Date.UTC(2026, 11, 6, 12) });
  assert.deepEqual(fact.about, { kind: 'retentionAhead', messages: 7, days: 90, date: '2026-12-06' });
  assert.deepEqual(fact.place, { kind: 'retention' });
});

test('what grew beyond what is usual is told once a week for each part, and a write-ahead log is not told of twice', () => {
  const part = { bytes: 600 * 1024 ** 2, isWhole: true, largeBytes: 1, criticalBytes: 2 } as const;
  const parts = [
    { ...part, kind: 'quarantine', name: 'quarantine', level: 'large' },
    { ...part, kind: 'logs', name: 'logs', level: 'fine' },
    { ...part, kind: 'wal', name: 'btmsg.db-wal', level: 'critical' },
  ] as const;
  assert.deepEqual(
    storageFacts(parts, 0).map(({ about, place }) => [about, place]),
    [[{ kind: 'storageGrown', name: 'quarantine', mib: 600 }, { kind: 'storage' }]],
  );
  const keyAt = (at: number) => storageFacts(parts, at)[0]?.key;
  assert.equal(keyAt(0), keyAt(6 * 86_400_000));
  assert.notEqual(keyAt(0), keyAt(7 * 86_400_000));
});

test('an incident that ended by itself is told once, with why it began', () => {
  const over = { beganAt: 7, endsAt: 9, reason: 'strange writes' };
  assert.deepEqual(incidentOverFact(over).about, { kind: 'incidentOver', reason: 'strange writes' });
  assert.equal(incidentOverFact(over).key, incidentOverFact({ ...over, endsAt: 10 }).key);
});

test('a dead letter is told with its reason, and a settled one not', () => {
  const party = (name: string) => ({ id: randomUUID(), name });
  const letter = { id: randomUUID(), messageId: randomUUID(), from: party('ada'), to: party('bob'), error: 'It was too late.' };
  const open = DeadLetter.parse({ ...letter, content: 'hello', attempts: 1, sentAt: 1, diedAt: 1, settlement: null, settledAt: null });
  assert.deepEqual(deadLetterFact(open)?.about, { kind: 'deadLetter', from: 'ada', to: 'bob', error: 'It was too late.' });
  assert.equal(deadLetterFact({ ...open, settlement: 'discarded' }), undefined);
});

test('a secret that was taken out of what an agent said is told once for all that it stood in', () => {
  const who = sampleAgent({ name: 'teller' });
  const stood = { secret: 'model', count: 3 } as const;
  const withheld = [
    { ...stood, place: 'text', form: 'plain' },
    { ...stood, place: 'log', form: 'hex' },
  ] as const;
  const facts = withheldFacts(who, withheld, 7);
  assert.deepEqual(
    facts.map(({ about, place, type }) => [about, place, type]),
    [[{ kind: 'secretWithheld', agent: 'teller', secret: 'model' }, { kind: 'secret', secret: 'model' }, 'warning']],
  );
  assert.equal(withheldFacts(who, withheld, 8)[0]?.kind, facts[0]?.kind, 'of several close together there is one notice');
});

test('a rotation is told to all, and asks for attention only while somebody has the old value', () => {
  const done = { secret: 'model', by: 'cli', told: 'claude', waiting: '' };
  assert.equal(rotatedFact(done, 7).type, 'success');
  assert.equal(rotatedFact({ ...done, waiting: 'codex' }, 7).type, 'warning');
});
