import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  emptyTeamwork,
  membershipOf,
  withDeadLetter,
  withInbox,
  withMessage,
  withoutMember,
  withTeamNews,
} from '../../../../extension/fleet/teamwork-model.ts';
import { parties, person, sampleProfile, sampleTeam } from '../../../support/chat-harness/board-data.ts';
import { sampleDeadLetters, sampleMessage } from '../../../support/chat-harness/mail-data.ts';
import { sampleTeammate } from '../../../support/protocol-samples.ts';

const [lead] = parties;
assert.ok(lead);
const toPerson = (number: number, state: Parameters<typeof sampleMessage>[1] = 'queued') =>
  sampleMessage(number, state, { from: lead, to: person, text: `Message ${number}` });

test('only unread messages to the person are kept, the newest first', () => {
  const between = sampleMessage(3, 'queued', { from: lead, to: lead, text: 'Not for the person' });
  const { forPerson } = withInbox(emptyTeamwork, [toPerson(1), toPerson(2, 'delivered'), between, toPerson(4, 'seen')]);
  assert.deepEqual(
    forPerson.map(({ text }) => text),
    ['Message 2', 'Message 1'],
  );
});

test('a message that was read goes away, and one that is none of the person’s changes nothing', () => {
  const before = withInbox(emptyTeamwork, [toPerson(1)]);
  assert.deepEqual(withMessage(before, toPerson(1, 'seen')).forPerson, []);
  assert.equal(withMessage(before, sampleMessage(9, 'queued', { from: lead, to: lead, text: '' })), before);
});

test('a dead letter stays until it is settled', () => {
  const [deadLetter] = sampleDeadLetters();
  assert.ok(deadLetter);
  const state = withDeadLetter(emptyTeamwork, deadLetter);
  assert.equal(state.deadLetters.length, 1);
  assert.equal(withDeadLetter(state, { ...deadLetter, settlement: 'discarded' }).deadLetters.length, 0);
});

test('news of a team changes what it names, and an agent that was removed is in none', () => {
  const profile = sampleProfile(1);
  const teammate = sampleTeammate({ agentId: profile.agentId });
  const first = withTeamNews(emptyTeamwork, { teams: [sampleTeam()], profiles: [profile, sampleProfile(2)], teammates: [teammate] });
  const second = withTeamNews(first, { profiles: [], teammates: [{ ...teammate, unread: 3 }] });
  assert.equal(second.teams.length, 1);
  assert.equal(membershipOf(second, profile.agentId).teammate?.unread, 3);
  assert.equal(membershipOf(second, profile.agentId).profile, profile);
  assert.deepEqual(membershipOf(withoutMember(second, profile.agentId), profile.agentId), { profile: undefined, teammate: undefined });
});
