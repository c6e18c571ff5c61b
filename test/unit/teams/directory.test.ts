import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentId, PartyId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import { shopGroup, TeamsWorld } from '../../support/teams-world.ts';

const { person, assistant, system } = partyIds;
let world: TeamsWorld;

beforeEach(() => {
  world = new TeamsWorld();
  for (const name of ['shop', 'stock']) world.project(name);
});
afterEach(() => world.remove());

const names = (ids: readonly PartyId[]) => ids.map((id) => world.directory.party(id).name);

test('everyone has a name, also after they are gone', () => {
  const builder = world.agent('shop', 'builder');
  assert.deepEqual(names([person, assistant, system, builder]), ['person', 'assistant', 'system', 'builder']);
  world.registry.remove(AgentId.parse(builder), 'cli');
  assert.deepEqual(names([builder]), ['builder (removed)']);
  assert.equal(world.directory.isAgent(builder), false);
  assert.equal(world.directory.party(PartyId.parse('never was')).name, 'somebody unknown');
});

for (const word of ['person', 'me', 'You', 'admin', 'operator']) {
  test(`"${word}" means the person`, () => assert.equal(world.directory.find(word, person), person));
}

test('an agent is found by its name, with its project, and by a part of its id', () => {
  const builder = world.agent('shop', 'builder');
  for (const reference of ['builder', 'shop/builder', builder, builder.slice(-8)]) {
    assert.equal(world.directory.find(reference, person), builder, reference);
  }
  assert.throws(() => world.directory.find('nobody', person), { code: 'notFound', message: /Known: builder/ });
});

test('of two agents of one name an agent means that of its own team, and a person has to say which', () => {
  const [ours, theirs, asker] = [world.agent('shop', 'builder'), world.agent('stock', 'builder'), world.agent('stock', 'asker')];
  assert.equal(world.directory.find('builder', asker), theirs);
  assert.equal(world.directory.find('shop/builder', asker), ours);
  assert.throws(() => world.directory.find('builder', person), { code: 'ambiguous' });
});

test('an agent hears of nobody outside its team and its contacts when it names nobody or several', () => {
  const [asker, ally] = [world.agent('shop', 'asker'), world.agent('stock', 'ally')];
  for (const project of ['stock', 'shop']) world.agent(project, 'builder');
  world.project('bank');
  world.agent('bank', 'teller');
  const message = (reference: string) => {
    try {
      return world.directory.find(reference, asker);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  assert.equal(message('nobody'), 'There is no agent "nobody". Known: asker, builder.');
  world.directory.allow(asker, ally, person);
  assert.equal(message('nobody'), 'There is no agent "nobody". Known: asker, ally, builder.');
  assert.doesNotMatch(message(asker.slice(0, 6)), /teller|stock\/builder/);
});

test('roles and tiers are those of the profiles; the person is the admin, and the assistant is not', () => {
  const lead = world.agent('shop', 'lead');
  world.teams.profiles.configure(AgentId.parse(lead), { role: 'manager' }, 'cli');
  const { directory } = world;
  assert.deepEqual([directory.roleOf(lead), directory.tierOf(lead)], ['manager', 1]);
  assert.deepEqual([directory.roleOf(person), directory.tierOf(person)], ['admin', 0]);
  assert.notEqual(directory.roleOf(assistant), 'admin');
});

test('an agent acts for its own team only; a person names one, or means the only one', () => {
  const builder = world.agent('shop', 'builder');
  const shop = world.directory.teamOf(builder);
  assert.equal(world.directory.findTeam(undefined, builder), shop);
  assert.equal(world.directory.findTeam(undefined, person), shop);
  world.agent('stock', 'keeper');
  assert.throws(() => world.directory.findTeam(undefined, person), { code: 'badRequest', message: /--team: shop, stock/ });
  assert.equal(world.directory.findTeam('shop', person), shop);
  assert.equal(world.directory.findTeam('shop', builder), shop);
  assert.throws(() => world.directory.findTeam('stock', builder), { code: 'refused', message: /You belong to the team shop/ });
  assert.equal(world.directory.teamOf(person), null);
});

test('without any agent there is no team, and that is said', () => {
  assert.throws(() => world.directory.findTeam(undefined, person), { code: 'notFound' });
});

test('agents of no group may write to each other and to the person, and are told so otherwise', () => {
  const [builder, keeper] = [world.agent('shop', 'builder'), world.agent('stock', 'keeper')];
  const helper = world.agent('shop', 'helper');
  const { directory } = world;
  assert.deepEqual(names(directory.contactsOf(builder)), ['helper', 'person']);
  assert.deepEqual([directory.refusalToWrite(builder, helper), directory.refusalToWrite(builder, person)], [null, null]);
  assert.match(directory.refusalToWrite(builder, keeper) ?? '', /^You may not write to keeper\. You may write to: helper, person\./);
  assert.match(directory.refusalToWrite(builder, builder) ?? '', /to yourself/);
});

test('who was written to may answer, though it may not begin', () => {
  const [builder, keeper] = [world.agent('shop', 'builder'), world.agent('stock', 'keeper')];
  world.written.add(`${keeper} ${builder}`);
  assert.equal(world.directory.refusalToWrite(builder, keeper), null);
  assert.notEqual(world.directory.refusalToWrite(keeper, builder), null);
});

test('what is allowed is audited once, and stays with the next backend', () => {
  const [builder, keeper] = [world.agent('shop', 'builder'), world.agent('stock', 'keeper')];
  for (let time = 0; time < 2; time += 1) world.directory.allow(builder, keeper, person);
  assert.deepEqual(world.details('contact_allowed'), [{ from: 'builder', to: 'keeper', toId: keeper, by: 'person' }]);
  world.nextBackend();
  assert.equal(world.directory.refusalToWrite(builder, keeper), null);
  assert.deepEqual(names(world.directory.contactsOf(builder)), ['keeper', 'person']);
});

test('only agents need leave, and nobody for themselves', () => {
  const builder = world.agent('shop', 'builder');
  assert.throws(() => world.directory.allow(person, builder, person), { code: 'badRequest', message: /person is none/ });
  assert.throws(() => world.directory.allow(builder, builder, person), { code: 'badRequest' });
});

test('in a group, everyone knows whom the roles say, and a refusal sends to the manager', () => {
  world.apply(shopGroup());
  const contacts = (name: string) => names(world.directory.contactsOf(world.party(name))).sort();
  assert.deepEqual(contacts('lead'), ['person', 'probe', 'shop', 'stock-room']);
  assert.deepEqual(contacts('probe'), ['lead', 'shop', 'stock-room']);
  assert.deepEqual(contacts('stock-room'), ['lead']);
  const refusal = world.directory.refusalToWrite(world.party('shop'), world.party('stock-room'));
  assert.equal(refusal, 'You may not write to stock-room. You may write to: lead. Ask your manager, lead, to pass it on.');
  assert.deepEqual(names(world.directory.members(world.directory.findTeam('Store', person))).sort(), [
    'lead',
    'probe',
    'shop',
    'stock-room',
  ]);
});
