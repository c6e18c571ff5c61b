/** What the scheduler makes of crashes, restarts, clocks that are set, and a disk that takes nothing. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { WakesWorld } from '../../support/wakes-world.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const dayMin = 1_440;
/** The first look finds the manager, and counts its interval from then on. */
const firstLookMs = 5_000;

let world: WakesWorld;
beforeEach(() => {
  world = new WakesWorld();
  world.wakes.start();
});
afterEach(() => world.remove());

describe('a backend that ends', () => {
  it('between the decision and its prompt leaves a wake that the next one gives, once', () => {
    const id = world.add();
    world.beforeGive = () => {
      throw new AgorError('unavailable', 'The backend was killed here.');
    };
    world.advanceMin(4);
    assert.deepEqual([world.states(), world.given.length], [['pending'], 0]);
    world.beforeGive = () => {};
    const [promptId] = world.wakes.list(null, 1).map((wake) => wake.promptId);
    for (let backend = 0; backend < 3; backend += 1) {
      world.nextBackend();
      world.advanceMin(1);
    }
    assert.deepEqual(
      world.given.map(({ id }) => id),
      [promptId],
    );
    assert.deepEqual([world.states(id), auditEvents(world.kept.stores)], [['pending'], ['wake_event']]);
  });

  it('leaves the next time on disk: a restart in between neither adds a wake nor takes one away', () => {
    world.add({ wakeIntervalMin: 30 });
    world.worksAtOnce();
    world.clock.advance(firstLookMs);
    for (let restart = 0; restart < 12; restart += 1) {
      world.advanceMin(10);
      world.nextBackend();
    }
    world.advanceMin(1);
    assert.equal(world.given.length, 4);
  });

  it('for three days is caught up with one wake, which says so', () => {
    const id = world.add();
    world.worksAtOnce();
    world.advanceMin(10);
    const before = world.given.length;
    world.nextBackend(3 * dayMin);
    world.advanceMin(2);
    assert.equal(world.given.length, before + 1);
    assert.match(world.given.at(-1)?.text ?? '', /because the time for it had passed/);
    assert.equal(world.wakes.list(id, 1)[0]?.cause, 'missed');
    world.advanceMin(2);
    assert.deepEqual([world.given.length, world.wakes.list(id, 1)[0]?.cause], [before + 2, 'interval']);
  });

  it('while its time was set back waits for one interval at most', () => {
    world.add();
    world.advanceMin(1);
    world.wakes.close();
    world.clock.setWallClock(-dayMs);
    world.nextBackend();
    world.clock.advance(3 * minuteMs + firstLookMs);
    assert.equal(world.given.length, 1);
  });

  it('before the end of a turn was told, or of a prompt, leaves no wake open for good', () => {
    const [begun, dropped, failed] = [world.add(), world.add(), world.add()];
    world.advanceMin(4);
    world.begins(begun);
    world.busy.delete(begun);
    for (const { agentId, id } of world.given) {
      if (agentId === dropped) world.prompts.set(id, 'dropped');
      if (agentId === failed) world.prompts.set(id, 'sent');
    }
    world.nextBackend();
    world.advanceMin(1);
    assert.deepEqual([world.states(begun), world.states(dropped), world.states(failed)], [['failed'], ['cancelled'], ['failed']]);
  });
});

describe('a clock that is set', () => {
  beforeEach(() => {
    world.add();
    world.worksAtOnce();
    world.advanceMin(10);
    assert.equal(world.given.length, 3);
  });

  it('forward gives one wake at most', () => {
    world.clock.setWallClock(dayMs);
    world.advanceMin(1);
    assert.equal(world.given.length, 4);
    world.advanceMin(30);
    assert.equal(world.given.length, 14);
  });

  it('back delays nothing', () => {
    world.clock.setWallClock(-dayMs);
    world.advanceMin(30);
    assert.equal(world.given.length, 13);
  });

  it('by a few seconds again and again changes nothing', () => {
    for (let minute = 0; minute < 30; minute += 1) {
      world.clock.setWallClock(minute % 2 === 0 ? 3_000 : -3_000);
      world.advanceMin(1);
    }
    assert.equal(world.given.length, 13);
    assert.ok(world.wakes.list(null, 100).every(({ cause }) => cause === 'interval'));
  });

  it('while the machine was suspended, which no other clock has noticed, catches up once', () => {
    world.clock.setWallClock(8 * 60 * minuteMs);
    world.advanceMin(1);
    const [newest] = world.wakes.list(null, 1);
    assert.deepEqual([world.given.length, newest?.cause], [4, 'missed']);
  });
});

describe('when something fails', () => {
  it('a wake whose reasons are damaged on disk goes its way all the same', () => {
    const id = world.add({ wakeStrategy: 'on-demand' });
    world.advanceMin(4);
    world.kept.stores.btmsg.db.exec("update wakes set signals = '{'");
    world.begins(id);
    world.ends(id);
    world.advanceMin(3);
    assert.deepEqual(world.states(), ['pending', 'done']);
  });

  it('one manager whose team cannot be read holds up no other', () => {
    const [broken, fine] = [world.add(), world.add()];
    world.unreadable.add(broken);
    world.advanceMin(4);
    assert.deepEqual([world.states(broken), world.states(fine)], [[], ['pending']]);
    assert.deepEqual(world.logged, ['a manager is not woken, because its team cannot be read']);
  });

  it('a disk that does not take the decision gives nothing, and is tried again until it does', () => {
    world.add();
    const { db } = world.kept.stores.btmsg;
    world.advanceMin(1);
    db.exec("create trigger full before insert on wakes begin select raise(abort, 'the disk is full'); end");
    world.advanceMin(4);
    assert.deepEqual([world.given, auditEvents(world.kept.stores)], [[], []]);
    db.exec('drop trigger full');
    world.advanceMin(1);
    assert.equal(world.given.length, 1);
  });

  it('a wake that the queue cannot take now is given later', () => {
    world.add();
    world.beforeGive = () => {
      throw new AgorError('storage', 'The disk is full.');
    };
    world.advanceMin(4);
    assert.deepEqual([world.states(), world.given.length], [['pending'], 0]);
    world.beforeGive = () => {};
    world.advanceMin(1);
    assert.equal(world.given.length, 1);
  });

  it('the turn of another prompt ends a wake whose own end was lost', () => {
    const id = world.add();
    world.advanceMin(4);
    world.begins(id);
    world.wakes.turnStarted(id, []);
    assert.deepEqual(world.states(), ['failed']);
  });

  it('what the transaction around it takes back has not begun', async () => {
    const id = world.add();
    world.advanceMin(4);
    const promptId = world.given[0]?.id;
    assert.ok(promptId);
    const failing = () =>
      world.kept.stores.btmsg.write(() => {
        world.wakes.turnStarted(id, [promptId]);
        throw new Error('the rest failed');
      });
    assert.throws(failing, /the rest failed/);
    await Promise.resolve();
    assert.deepEqual([world.states(), world.told.at(-1)?.state], [['pending'], 'pending']);
  });

  it('an agent that is removed is not woken any more', () => {
    const id = world.add();
    world.advanceMin(4);
    world.managers.length = 0;
    world.wakes.forget(id);
    world.advanceMin(10);
    assert.deepEqual([world.states(), world.wakes.nextAt(id)], [['cancelled'], null]);
  });
});
