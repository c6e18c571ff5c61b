import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { lookEveryMs } from '../../../server/health/fleet-health.ts';
import { TeamId } from '../../../server/protocol/ids.ts';
import { FleetWorld } from '../../support/fleet-world.ts';
import { usage } from '../../support/team-samples.ts';
import { auditEvents } from '../../support/test-stores.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

let world: FleetWorld;
beforeEach(() => {
  world = new FleetWorld();
});
afterEach(() => world.remove());

test('it is looked every five seconds, and only those are told that look different', () => {
  const [first, second] = [world.add(), world.add()];
  world.fleet.start();
  world.clock.advance(lookEveryMs - 1);
  assert.equal(world.told.length, 0);
  world.clock.advance(1);
  world.clock.advance(10 * lookEveryMs);
  world.works(second);
  world.clock.advance(lookEveryMs);
  world.mail.set(first, { unread: 2, owed: 1 });
  world.clock.advance(lookEveryMs);
  assert.deepEqual(
    world.told.map((teammates) => teammates.map(({ agentId, activity, unread, owed }) => ({ agentId, activity, unread, owed }))),
    [
      [
        { agentId: first, activity: 'idle', unread: 0, owed: 0 },
        { agentId: second, activity: 'idle', unread: 0, owed: 0 },
      ],
      [{ agentId: second, activity: 'running', unread: 0, owed: 0 }],
      [{ agentId: first, activity: 'idle', unread: 2, owed: 1 }],
    ],
  );
});

test('it is looked at once for all that is touched at once, and no longer after the end', async () => {
  world.add();
  for (let time = 0; time < 5; time += 1) world.fleet.touch();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(world.told.length, 1);
  world.add();
  world.fleet.touch();
  world.fleet.close();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(world.told.length, 1);
  assert.equal(world.clock.waiting, 0);
});

test('a turn that goes silent is stalled after its own threshold, and its beginning and end are audited once each', () => {
  const id = world.add({ stallThresholdMin: 20 });
  world.works(id);
  world.fleet.start();
  world.clock.advance(20 * minuteMs - 1);
  assert.equal(world.teammate(id)?.activity, 'running');
  world.clock.advance(lookEveryMs);
  assert.deepEqual(world.teammate(id)?.attention, {
    score: 100,
    signal: 'stall',
    reason: 'Stalled: its turn runs, and nothing was heard of it for 20 min or longer.',
  });
  world.clock.advance(60 * minuteMs);
  assert.deepEqual(auditEvents(world.kept.stores), ['agent_stalled']);
  world.works(id);
  world.clock.advance(lookEveryMs);
  assert.deepEqual([world.teammate(id)?.activity, world.teammate(id)?.attention.score], ['running', 0]);
  world.clock.advance(minuteMs);
  assert.deepEqual(auditEvents(world.kept.stores), ['agent_stalled', 'agent_recovered']);
});

test('an audit row that the disk does not take now is written once it does', () => {
  const id = world.add();
  world.works(id);
  world.clock.advance(15 * minuteMs);
  const { db } = world.kept.stores.btmsg;
  db.exec("create trigger full before insert on audit_log begin select raise(abort, 'the disk is full'); end");
  world.fleet.look();
  assert.deepEqual([world.teammate(id)?.activity, world.logged], ['stalled', ['a stall was not recorded']]);
  db.exec('drop trigger full');
  for (let look = 0; look < 3; look += 1) world.fleet.look();
  assert.deepEqual(auditEvents(world.kept.stores), ['agent_stalled']);
});

for (const jumpMs of [dayMs, -dayMs]) {
  test(`a wall clock that is set by ${jumpMs / dayMs} day changes nothing`, () => {
    const [id, spender] = [world.add(), world.add()];
    world.works(id);
    world.spends(spender, 1);
    world.fleet.look();
    world.clock.advance(10 * minuteMs);
    world.clock.setWallClock(jumpMs);
    world.spends(spender, 2);
    world.fleet.look();
    assert.deepEqual([world.teammate(id)?.activity, world.fleet.burn([spender]).usdPerHour], ['running', 12]);
    world.clock.advance(5 * minuteMs);
    world.fleet.look();
    assert.equal(world.teammate(id)?.activity, 'stalled');
  });
}

test('what needs the person is scored with its reason', () => {
  const [broken, full, torn, fine] = [world.add(), world.add(), world.add(), world.add()];
  world.set(broken, { state: 'failed', isUp: false, failure: 'There is no program "cloude".' });
  world.set(full, { usage: usage({ contextTokens: 190_000 }) });
  world.conflicts.set(torn, 2);
  world.fleet.look();
  assert.deepEqual(
    [broken, full, torn, fine].map((id) => world.teammate(id)?.attention.score),
    [90, 80, 70, 0],
  );
  assert.equal(world.teammate(broken)?.attention.reason, 'Its session is in error: There is no program "cloude".');
  assert.equal(world.fleet.member(full)?.contextPressure, 0.95);
});

test('reviews are for those of the team who lead and check, and for all where nobody does', () => {
  const alone = TeamId.parse('alone');
  const [manager, worker, single] = [world.add({ role: 'manager', tier: 1 }), world.add(), world.add({ teamId: alone })];
  world.reviews.set(alone, 3);
  const { teamId } = world.profiles.get(worker) ?? {};
  assert.ok(teamId);
  world.reviews.set(teamId, 2);
  world.fleet.look();
  assert.deepEqual(
    [manager, worker, single].map((id) => world.teammate(id)?.attention.score),
    [20, 0, 30],
  );
});

test('what agents spend is added up, over those whose cost is known', () => {
  const [one, two, unknown] = [world.add(), world.add(), world.add()];
  for (const id of [one, two]) world.spends(id, 1);
  world.fleet.look();
  for (let minute = 1; minute <= 20; minute += 1) {
    world.clock.advance(minuteMs);
    world.spends(one, 1 + minute / 60);
    world.fleet.look();
  }
  const { usdPerHour, hourAverageUsd } = world.fleet.burn([one, two, unknown]);
  assert.ok(Math.abs((usdPerHour ?? 0) - 1) < 0.01);
  assert.ok(Math.abs((hourAverageUsd ?? 0) - 1) < 0.1);
  assert.deepEqual(world.fleet.burn([unknown]), { usdPerHour: null, hourAverageUsd: null });
});

test('how an agent is up is told to whoever keeps its heartbeats', () => {
  const states = ['idle', 'running', 'sleeping', 'stopped', 'failed', 'offline', 'restarting'] as const;
  const ids = states.map((state) => {
    const id = world.add();
    world.set(id, { state });
    return id;
  });
  world.fleet.look();
  const expected = ['active', 'active', 'sleeping', 'stopped', 'stopped', 'stopped', 'active'];
  assert.deepEqual(
    ids.map((id) => world.statuses.get(id)),
    expected,
  );
});

test('an agent that cannot be read hides nothing of the others, and one that is gone is forgotten', () => {
  const [odd, plain] = [world.add(), world.add()];
  world.profiles.delete(odd);
  world.fleet.look();
  assert.deepEqual(
    world.fleet.teammates().map(({ agentId }) => agentId),
    [plain],
  );
  assert.ok(world.logged.includes('the health of an agent cannot be told'));
  world.facts.delete(plain);
  world.fleet.look();
  assert.deepEqual([world.fleet.teammates(), world.fleet.member(plain)], [[], undefined]);
});

test('the figures of an agent are told in steps that a person can tell apart, and idle time counts from one moment', () => {
  const id = world.add();
  const idleSince = world.clock.now();
  world.fleet.look();
  world.clock.advance(minuteMs);
  world.set(id, { usage: usage({ contextTokens: 100_000, contextWindowTokens: 200_000 }) });
  world.fleet.look();
  world.set(id, { usage: usage({ contextTokens: 100_010, contextWindowTokens: 200_000 }) });
  world.fleet.look();
  assert.deepEqual(
    world.told.map((teammates) => [teammates[0]?.vitals.idleSince, teammates[0]?.vitals.contextPressure]),
    [
      [idleSince, null],
      [idleSince, 0.5],
    ],
  );
  world.conflicts.set(id, 2);
  world.works(id);
  world.set(id, { openTools: 1 });
  world.fleet.look();
  const expected = { idleSince: null, openTools: 1, contextPressure: 0.5, burnUsdPerHour: null, fileConflicts: 2, reviewTasks: 0 };
  assert.deepEqual(world.teammate(id)?.vitals, expected);
});
