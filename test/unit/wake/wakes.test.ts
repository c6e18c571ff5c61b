/** When managers are woken, exactly how often, and with what. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { boardTasks, fleetAgent, wakeFacts } from '../../support/team-samples.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { WakesWorld } from '../../support/wakes-world.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

let world: WakesWorld;
beforeEach(() => {
  world = new WakesWorld();
  world.wakes.start();
});
afterEach(() => world.remove());

const alarm = wakeFacts({ agents: [fleetAgent({ attention: { score: 100, signal: 'stall', reason: 'Stalled.' } })] });

/** The first look finds the manager, and counts its interval from then on. */
const firstLookMs = 5_000;

describe('the schedule', () => {
  for (const strategy of ['persistent', 'on-demand'] as const) {
    it(`wakes a ${strategy} manager exactly 144 times in three days at intervals of half an hour`, () => {
      world.add({ wakeStrategy: strategy, wakeIntervalMin: 30 });
      world.worksAtOnce();
      world.clock.advance(firstLookMs + 3 * dayMs);
      assert.equal(world.given.length, 144);
      assert.ok(world.wakes.list(null, 200).every(({ state, cause }) => state === 'done' && cause === 'interval'));
      // On the beat to the last one.
      const beats = new Set(world.given.map(({ atMs }) => (atMs - firstLookMs) % (30 * minuteMs)));
      assert.deepEqual(beats, new Set([0]));
    });
  }

  it('keeps the decision with its audit row and the next time before anything is given', () => {
    const id = world.add();
    const { db } = world.kept.stores.btmsg;
    world.beforeGive = () => {
      assert.deepEqual(world.states(), ['pending']);
      assert.deepEqual(auditEvents(world.kept.stores), ['wake_event']);
      const nextAt = db.prepare<[], number>('select next_at from wake_plans').pluck().get();
      assert.equal(nextAt, world.clock.now() + 3 * minuteMs);
    };
    world.advanceMin(4);
    assert.equal(world.given.length, 1);
    const row = db
      .prepare<[], { who: string; actor: string; detail: string }>('select agent_id as who, actor, detail from audit_log')
      .get();
    const { score, signals, cause, strategy } = JSON.parse(row?.detail ?? '');
    assert.deepEqual(
      [row?.who, row?.actor, score, signals, cause, strategy],
      [id, 'backend', 0.1, ['PeriodicFloor'], 'interval', 'persistent'],
    );
  });

  it('follows what a wake becomes', async () => {
    const id = world.add();
    world.advanceMin(4);
    world.begins(id);
    await Promise.resolve();
    assert.deepEqual([world.states(), world.told.at(-1)?.state], [['begun'], 'begun']);
    world.ends(id);
    await Promise.resolve();
    assert.deepEqual([world.states(), world.told.at(-1)?.state], [['done'], 'done']);
    assert.equal(world.told.at(-1)?.endedAt, world.clock.now());
  });

  for (const [reason, state] of [
    ['completed', 'done'],
    ['interrupted', 'cancelled'],
    ['failed', 'failed'],
    ['crashed', 'failed'],
    ['limit', 'failed'],
    ['refused', 'failed'],
  ] as const) {
    it(`calls a wake ${state} whose turn ${reason}`, () => {
      const id = world.add();
      world.advanceMin(4);
      world.begins(id);
      world.ends(id, reason);
      assert.deepEqual(world.states(), [state]);
    });
  }

  it('has one pending wake of each manager, however long that waits', () => {
    const [one, other] = [world.add({ wakeStrategy: 'on-demand' }), world.add({ wakeStrategy: 'on-demand' })];
    world.advanceMin(60);
    assert.deepEqual([world.states(one), world.states(other)], [['pending'], ['pending']]);
    world.begins(one);
    world.advanceMin(60);
    assert.deepEqual(world.states(one), ['begun']);
    world.ends(one);
    world.advanceMin(3);
    assert.deepEqual([world.states(one), world.states(other)], [['pending', 'done'], ['pending']]);
  });

  it('skips a persistent manager while a turn of it runs, and not an on-demand one', () => {
    const [persistent, onDemand] = [world.add(), world.add({ wakeStrategy: 'on-demand' })];
    for (const id of [persistent, onDemand]) world.busy.add(id);
    world.advanceMin(10);
    assert.deepEqual([world.states(persistent), world.states(onDemand)], [[], ['pending']]);
    world.busy.clear();
    world.advanceMin(3);
    assert.deepEqual(world.states(persistent), ['pending']);
  });

  it('goes on in the session of a persistent manager, and begins a fresh one for the others', () => {
    const [persistent, onDemand, smart] = [
      world.add(),
      world.add({ wakeStrategy: 'on-demand' }),
      world.add({ wakeStrategy: 'smart', wakeThreshold: 0.1 }),
    ];
    world.advanceMin(4);
    const sessions = new Map(world.given.map(({ agentId, session }) => [agentId, session]));
    assert.deepEqual([sessions.get(persistent), sessions.get(onDemand), sessions.get(smart)], ['current', 'fresh', 'fresh']);
  });

  it('leaves alone who may not be woken, is disabled, or has no strategy', () => {
    world.mayNot.add(world.add());
    world.add({ enabled: false });
    world.add({ wakeStrategy: null });
    world.advanceMin(60);
    assert.deepEqual([world.given, world.states()], [[], []]);
  });

  it('takes a shorter interval at once, and a manager that is configured away is forgotten', () => {
    const id = world.add({ wakeIntervalMin: 600 });
    world.advanceMin(1);
    assert.equal(world.wakes.nextAt(id), world.clock.now() + 599 * minuteMs + 5_000);
    world.configure(id, { wakeIntervalMin: 2 });
    world.clock.advance(2 * minuteMs + firstLookMs);
    assert.equal(world.given.length, 1);
    world.configure(id, { wakeStrategy: null });
    world.advanceMin(1);
    assert.equal(world.wakes.nextAt(id), null);
    assert.deepEqual(world.kept.stores.btmsg.db.prepare('select * from wake_plans').all(), []);
  });
});

describe('a smart manager', () => {
  let id: AgentId;
  beforeEach(() => {
    id = world.add({ wakeStrategy: 'smart', wakeThreshold: 0.6 });
    world.worksAtOnce();
  });

  it('is woken only when the score reaches its threshold', () => {
    world.facts = wakeFacts({ board: { counts: { todo: 9 }, blocked: boardTasks(2), review: [] } });
    world.advanceMin(60);
    assert.equal(world.given.length, 0);
    world.facts = wakeFacts({ board: { counts: { todo: 9 }, blocked: boardTasks(3), review: [] } });
    world.advanceMin(60);
    assert.equal(world.given.length, 1);
    assert.equal(world.wakes.list(id, 1)[0]?.score, 0.7);
  });

  it('is not woken again by what it was told, until something changes', () => {
    world.facts = alarm;
    world.advanceMin(60);
    assert.equal(world.given.length, 1);
    world.facts = { ...alarm, unread: 2 };
    world.advanceMin(60);
    assert.equal(world.given.length, 2);
    // It read its mail, which is its own doing.
    world.facts = alarm;
    world.advanceMin(60);
    assert.equal(world.given.length, 2);
    world.facts = { ...alarm, agents: [...alarm.agents, fleetAgent({ name: 'tester' })] };
    world.advanceMin(60);
    assert.equal(world.given.length, 3);
  });

  it('is told again what it was told by a wake that failed', () => {
    world.facts = alarm;
    world.beforeGive = () => {
      throw new AgorError('untrusted', 'The project is not trusted.');
    };
    world.advanceMin(10);
    assert.deepEqual(new Set(world.states()), new Set(['failed']));
    world.beforeGive = () => {};
    world.advanceMin(10);
    assert.equal(world.given.length, 1);
  });
});

it('another manager is told when nothing has changed', () => {
  const id = world.add();
  world.worksAtOnce();
  world.advanceMin(8);
  const [first, second] = world.given.map(({ text }) => text.includes('Nothing has changed since you were woken the last time'));
  assert.deepEqual([first, second, world.states(id).length], [false, true, 2]);
});

describe('a person who wakes an agent', () => {
  it('does so at once, whatever the score, and beside the schedule', () => {
    const id = world.add({ wakeStrategy: 'smart', wakeThreshold: 1 });
    world.advanceMin(1);
    const next = world.wakes.nextAt(id);
    const wake = world.wakes.wakeNow(id, 'cli');
    assert.deepEqual([wake.state, wake.cause, wake.strategy, world.given.length], ['pending', 'person', 'smart', 1]);
    assert.match(wake.summary, /^You are woken because the person asked for it\./);
    assert.equal(world.wakes.nextAt(id), next);
    assert.deepEqual(auditEvents(world.kept.stores), ['wake_event']);
  });

  it('gets the one that is pending, and another one once that has begun', () => {
    const id = world.add();
    world.advanceMin(4);
    const pending = world.wakes.wakeNow(id, 'cli');
    assert.deepEqual([pending.cause, world.given.length], ['interval', 1]);
    world.begins(id);
    assert.notEqual(world.wakes.wakeNow(id, 'cli').id, pending.id);
    assert.equal(world.wakes.list(id, 10).length, 2);
  });

  it('may take an agent without a strategy: it goes on in its session', () => {
    assert.equal(world.wakes.wakeNow(newId<AgentId>(), 'extension').strategy, 'persistent');
    assert.equal(world.given[0]?.session, 'current');
  });

  it('is told why it cannot be given, and nothing stays pending', () => {
    world.beforeGive = () => {
      throw new AgorError('untrusted', 'The project shop is not trusted.');
    };
    assert.throws(() => world.wakes.wakeNow(world.add(), 'cli'), { code: 'untrusted' });
    assert.deepEqual(world.states(), ['failed']);
  });

  it('is refused for one that groups.json disables', () => {
    const id = world.add({ enabled: false });
    assert.throws(() => world.wakes.wakeNow(id, 'cli'), { code: 'refused', message: /disabled in groups\.json\. Enable it there/ });
    assert.deepEqual(world.states(), []);
  });

  it('takes a wake back with its prompt', () => {
    const { promptId } = world.wakes.wakeNow(world.add(), 'cli');
    world.wakes.promptDropped(promptId);
    assert.deepEqual(world.states(), ['cancelled']);
  });
});
