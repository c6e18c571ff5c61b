import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PartyId } from '../../../server/protocol/ids.ts';
import { asBy, bank, MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';

let world: MessagingWorld;
let lead: Someone;
let builder: Someone;
let tester: Someone;

beforeEach(() => {
  world = new MessagingWorld();
  lead = world.add('lead', { role: 'manager' });
  [builder, tester] = [world.add('builder'), world.add('tester')];
  world.add('stranger', { team: bank });
});
afterEach(() => world.close());

const views = () => world.messaging.teamViews;

test('whoami says who one is, and what waits', () => {
  world.send(lead, builder);
  world.giveTurn(builder);
  world.send(lead, builder);
  const { party, ...rest } = views().whoami(PartyId.parse(builder.id));
  assert.equal(party.name, 'builder');
  assert.deepEqual(rest, { role: 'project', tier: 2, team: 'shop', project: 'shop', unread: 1, owed: 1 });
  assert.equal(views().whoami(person.party).role, 'admin');
});

test('the status is that of the own team', () => {
  const names = views()
    .status({}, PartyId.parse(builder.id))
    .map(({ party, status }) => `${party.name} ${status}`);
  assert.deepEqual(names, ['lead active', 'builder active', 'tester active']);
  assert.throws(() => views().status({ team: 'bank' }, PartyId.parse(builder.id)), { code: 'refused' });
});

test('the graph has each pair once, both ways or one way or not at all', () => {
  for (const pair of [
    [builder.id, 'person'],
    [builder.id, tester.id],
    [tester.id, builder.id],
  ])
    world.forbidden.add(pair.join(' '));
  const { nodes, links } = views().graph({}, person.party);
  assert.deepEqual(
    nodes.map(({ party, status }) => `${party.name} ${status}`),
    ['person person', 'lead active', 'builder active', 'tester active'],
  );
  const name = (id: string) => world.people.get(id)?.name ?? id;
  assert.deepEqual(
    links.map(({ from, to, both }) => `${name(from)} ${both ? '<->' : '->'} ${name(to)}`),
    ['person <-> lead', 'person -> builder', 'person <-> tester', 'lead <-> builder', 'lead <-> tester'],
  );
});

test("contacts are one's own; a manager looks at its team's, the person at all", () => {
  const of = (who: string | undefined, as: PartyId) =>
    views()
      .contacts({ of: who }, as)
      .map(({ party }) => party.name);
  assert.deepEqual(of(undefined, PartyId.parse(builder.id)), ['lead', 'tester', 'stranger', 'person']);
  assert.ok(of('builder', PartyId.parse(lead.id)).length > 0);
  assert.ok(of('builder', person.party).length > 0);
  assert.throws(() => of('tester', PartyId.parse(builder.id)), { code: 'refused' });
  assert.throws(() => of('stranger', PartyId.parse(lead.id)), { code: 'refused' });
  for (const as of [builder, lead]) assert.throws(() => of('person', PartyId.parse(as.id)), { code: 'refused' });
});

test('who may write to whom is for the person to say, and for a manager within its team', () => {
  views().allow({ from: 'builder', to: 'stranger', both: true }, person);
  views().allow({ from: 'builder', to: 'tester' }, asBy(lead));
  assert.deepEqual(world.allowed, ['builder stranger person', 'stranger builder person', 'builder tester lead']);
  for (const [to, by] of [
    ['tester', builder],
    ['stranger', lead],
    ['person', lead],
  ] as const)
    assert.throws(() => views().allow({ from: 'builder', to }, asBy(by)), { code: 'refused' });
  assert.throws(() => views().allow({ from: 'builder', to: 'builder' }, person), { code: 'badRequest' });
});

test('only the person and managers register agents, and only agents have a heartbeat', () => {
  const params = { id: 'x', name: 'x', role: 'project', group: 'shop' };
  assert.throws(() => views().register(params, asBy(builder)), { code: 'refused' });
  for (const by of [asBy(lead), person]) assert.throws(() => views().register(params, by), { code: 'unavailable' });
  assert.deepEqual(views().heartbeat(PartyId.parse(builder.id)), { at: world.clock.now() });
  assert.throws(() => views().heartbeat(person.party), { code: 'badRequest' });
});
