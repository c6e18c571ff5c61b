import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartyId, TeamId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import type { AgentRole } from '../../../server/protocol/team.ts';
import { knowsByDefault, knowsPersonByDefault, mayWrite, refusalText, type Standing } from '../../../server/teams/contact-rules.ts';

const { person, assistant, system } = partyIds;
const [agent, other] = [PartyId.parse('agent'), PartyId.parse('other')];
const [shop, stock] = [TeamId.parse('shop'), TeamId.parse('stock')];
const nothing = { isContact: false, wasWrittenTo: false };

const standings: Record<string, Standing> = {
  grouped: { id: agent, teamId: shop, isInGroup: true },
  otherGrouped: { id: other, teamId: shop, isInGroup: true },
  free: { id: agent, teamId: shop, isInGroup: false },
  neighbour: { id: other, teamId: shop, isInGroup: false },
  stranger: { id: other, teamId: stock, isInGroup: false },
};

for (const [says, from, to, facts, expected] of [
  ['the person may write to any agent', person, 'stranger', {}, true],
  ['the backend may write to the person', system, person, {}, true],
  ['nobody may write to the backend', 'free', system, { isContact: true }, false],
  ['nor may the person', person, system, {}, false],
  ['an assistant may write to any agent', assistant, 'grouped', {}, true],
  ['an assistant may not write to the person', assistant, person, { isContact: true }, false],
  ['an agent of a group may write to its contacts', 'grouped', 'otherGrouped', { isContact: true }, true],
  ['and to nobody else in the group', 'grouped', 'otherGrouped', {}, false],
  ['nor to the person', 'grouped', person, {}, false],
  ['unless the person is a contact', 'grouped', person, { isContact: true }, true],
  ['whoever wrote first may be answered', 'grouped', 'stranger', { wasWrittenTo: true }, true],
  ['also the assistant of an editor', 'free', assistant, { wasWrittenTo: true }, true],
  ['which is written to by nobody otherwise', 'free', assistant, {}, false],
  ['agents of no group may write to each other within a project', 'free', 'neighbour', {}, true],
  ['and to the person', 'free', person, {}, true],
  ['but not to another project', 'free', 'stranger', {}, false],
  ['unless it was allowed', 'free', 'stranger', { isContact: true }, true],
  ['nor into a group that is at home in the project', 'free', 'otherGrouped', {}, false],
  ['nobody writes to themselves', person, person, {}, false],
] as const) {
  test(`${says}`, () => {
    const idOf = (party: string) => standings[party]?.id ?? PartyId.parse(party);
    const given = { ...nothing, ...facts, from: standings[from] ?? null, to: standings[to] ?? null };
    assert.equal(mayWrite(idOf(from), idOf(to), given), expected);
  });
}

test('an agent that was removed may write to nobody, and only to somebody who may be written to', () => {
  assert.equal(mayWrite(agent, other, { ...nothing, from: null, to: standings.stranger ?? null, isContact: true }), false);
});

const roles: readonly AgentRole[] = ['manager', 'architect', 'tester', 'reviewer', 'project'];

for (const from of roles) {
  const known = roles.filter((to) => knowsByDefault(from, to));
  const expected = from === 'project' ? ['manager'] : roles;
  test(`without a word in the file, a ${from} may write to: ${expected.join(', ')}`, () => {
    assert.deepEqual(known, expected);
    assert.equal(knowsPersonByDefault(from), from === 'manager');
  });
}

for (const [says, refusal, expected] of [
  [
    'names whom it may write to and the manager to ask',
    { from: 'builder', to: 'probe', contacts: ['lead'], managers: ['lead'] },
    'You may not write to probe. You may write to: lead. Ask your manager, lead, to pass it on.',
  ],
  [
    'to somebody without a manager says how the person can allow it',
    { from: 'builder', to: 'probe', contacts: [], managers: [] },
    'You may not write to probe. You may write to nobody. The person can allow it: btmsg allow builder probe.',
  ],
  [
    'to the manager does not send it to itself',
    { from: 'lead', to: 'probe', contacts: ['lead', 'person'], managers: ['lead'] },
    'You may not write to probe. You may write to: lead, person. The person can allow it: btmsg allow lead probe.',
  ],
] as const) {
  test(`a refusal ${says}`, () => assert.equal(refusalText(refusal), expected));
}
