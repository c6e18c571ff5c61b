import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentId, PartyId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import type { Registration } from '../../../server/teams/register-agent.ts';
import { shopGroup, TeamsWorld } from '../../support/teams-world.ts';

const { person } = partyIds;
let world: TeamsWorld;

beforeEach(() => {
  world = new TeamsWorld();
  for (const name of ['shop', 'stock']) world.kept.folder(name);
  world.apply(shopGroup());
});
afterEach(() => world.remove());

const wish = (fields: Partial<Registration> = {}): Registration => ({
  ...{ id: 'helper-1', name: 'helper', role: 'reviewer', group: 'Store', provider: 'demo' },
  ...fields,
});
const contacts = (name: string) =>
  world.directory
    .contactsOf(world.party(name))
    .map((id) => world.directory.party(id).name)
    .sort();

test('an agent that is registered joins the group with the usual contacts, and is audited', () => {
  const { profile, isNew } = world.teams.register(wish(), person);
  assert.deepEqual([isNew, profile.role, profile.tier, profile.teamId, profile.memberKey], [true, 'reviewer', 1, 'store', null]);
  assert.deepEqual(contacts('helper'), ['lead', 'probe', 'shop', 'stock-room']);
  assert.deepEqual(contacts('shop'), ['lead']);
  assert.ok(contacts('lead').includes('helper'));
  assert.deepEqual(world.details('role_changed'), [{ role: 'reviewer', tier: 1, team: 'Store' }]);
});

test('registered again, by its id or its name, it is changed and not doubled', () => {
  const { profile } = world.teams.register(wish(), person);
  assert.equal(world.teams.register(wish({ role: 'tester', model: 'large' }), person).isNew, false);
  const again = world.teams.register(wish({ id: profile.agentId, name: 'second' }), person);
  assert.deepEqual([again.isNew, again.profile.agentId], [false, profile.agentId]);
  const { name, model } = world.registry.get(profile.agentId);
  assert.deepEqual([name, model, world.registry.all().length], ['second', 'large', 5]);
});

test('it stays when groups.json is applied again, and goes with the group', () => {
  const { profile } = world.teams.register(wish(), person);
  assert.deepEqual(world.teams.groups.apply('cli').changes, []);
  world.apply(shopGroup({ name: 'Shops' }));
  assert.equal(world.teams.profiles.of(profile.agentId).teamId, 'store');
  assert.ok(contacts('helper').includes('lead'));
  world.apply({ version: 1, groups: [] });
  assert.equal(world.teams.profiles.hasOwn(profile.agentId), false);
});

test('a project without a group is a team to register for', () => {
  world.project('own');
  const { profile } = world.teams.register(wish({ group: 'own', role: 'manager' }), person);
  assert.deepEqual([profile.teamId, profile.tier], [world.projects.find('own').id, 1]);
});

test('a manager registers for its own team, and nobody else does', () => {
  world.project('own');
  assert.equal(world.teams.register(wish(), world.party('lead')).isNew, true);
  for (const [name, group] of [
    ['lead', 'own'],
    ['probe', 'Store'],
  ] as const) {
    assert.throws(() => world.teams.register(wish({ group }), world.party(name)), { code: 'refused' });
  }
});

test('a manager neither takes over nor renames an agent of another team; the person may bring it over', () => {
  world.project('own');
  const id = AgentId.parse(world.agent('own', 'stranger'));
  world.agent('Shop', 'free');
  const before = world.commits();
  for (const fields of [{ id }, { id, name: 'stranger' }, { name: 'free' }])
    assert.throws(() => world.teams.register(wish(fields), world.party('lead')), { code: 'refused', message: /only the person/ });
  assert.deepEqual([world.registry.get(id).name, world.commits()], ['stranger', before]);
  assert.equal(world.teams.register(wish({ name: 'free' }), person).isNew, false);
});

for (const [what, fields, expected] of [
  ['a role that is none', { role: 'admin' }, { code: 'badRequest', message: /no role "admin".*Known: manager/ }],
  ['a tier that is none', { tier: 0 }, { code: 'badRequest', message: /tier 1 or 2/ }],
  ['a team that is none', { group: 'nowhere' }, { code: 'notFound' }],
  ['a folder of no project of the team', { cwd: '/' }, { code: 'notFound', message: /no project of Store/ }],
  ['a provider that is none', { provider: 'siri' }, { code: 'badRequest', message: /Known: demo/ }],
  ['acp without its command', { provider: 'acp' }, { code: 'badRequest', message: /agor agent add/ }],
  ['a name that means somebody else', { name: 'person' }, { code: 'badRequest' }],
  ['a name with "/"', { name: 'a/b' }, { code: 'badRequest' }],
  ['a name that looks like the person’s', { name: 'person\u200b' }, { code: 'badRequest', message: /nobody sees/ }],
  ['a name that a terminal acts on', { name: 'x\u001b[31m' }, { code: 'badRequest', message: /nobody sees/ }],
  ['an agent that groups.json declares', { name: 'lead' }, { code: 'refused', message: /Change it there/ }],
] as const) {
  test(`${what} is refused, and nothing is written`, () => {
    const before = world.commits();
    assert.throws(() => world.teams.register(wish(fields), person), expected);
    assert.equal(world.commits(), before);
  });
}

test('another agent of the project with that name is in the way', () => {
  const first = AgentId.parse(world.agent('Shop', 'first'));
  world.teams.register(wish(), person);
  assert.throws(() => world.teams.register(wish({ id: first }), person), { code: 'conflict' });
});

test('nobody registers an agent of another team, whose id they may know', () => {
  world.project('own');
  const other = AgentId.parse(world.agent('own', 'other'));
  for (const by of [world.party('lead'), person]) {
    assert.throws(() => world.teams.register(wish({ id: other }), by), { code: 'refused', message: /other is not of Store/ });
  }
  assert.equal(world.registry.get(other).name, 'other');
  world.teams.register(wish({ id: other, group: 'own', role: 'manager' }), person);
  const { profile } = world.teams.register(wish({ name: 'second' }), person);
  assert.throws(() => world.teams.register(wish({ id: profile.agentId, group: 'own' }), PartyId.parse(other)), { code: 'refused' });
});
