/** The daily housekeeping over real files, with a clock that a test moves. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Archives } from '../../../server/retention/archives.ts';
import { HousekeepingCourse, type HousekeepingDeps } from '../../../server/retention/housekeeping.ts';
import { HousekeepingStore } from '../../../server/retention/housekeeping-store.ts';
import { dayMs, OldMessagesWorld } from '../../support/old-messages.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { workLongAgo } from '../../support/worked-long-ago.ts';

let world: OldMessagesWorld;
let days = { messages: 90, transcripts: 0 };
let course: HousekeepingCourse;
let announced: unknown[];
beforeEach(() => {
  world = new OldMessagesWorld();
  days = { messages: 90, transcripts: 0 };
  announced = [];
  course = begin();
});
afterEach(async () => {
  await course.close();
  world.close();
});

/** As the next backend does it. */
function begin(deps: Partial<HousekeepingDeps> = {}): HousekeepingCourse {
  const { stores, kept } = world.messaging;
  const store = new HousekeepingStore(stores.btmsg.db);
  const archives = new Archives({
    ...{ files: stores, audit: stores.audit, store, pause: async () => {}, now: () => world.now },
    dirs: { messages: world.dir, transcripts: join(world.dir, 'transcripts') },
    hasUnsettled: async () => false,
  });
  const begun = new HousekeepingCourse({
    files: stores,
    audit: stores.audit,
    store,
    archives,
    sweeping: {
      ...{ agentsDir: kept.paths.agents, logsDir: kept.paths.logs, quarantineDir: join(kept.dir, 'quarantine') },
      isRunning: () => false,
      sizeOf: async () => 0,
    },
    days: () => days,
    hasTakenIn: async () => true,
    clock: world.messaging.clock,
    pause: async () => {},
    log: () => {},
    ...deps,
  });
  begun.announced.on((what) => void announced.push(what));
  return begun;
}

function letPass(days: number): void {
  world.messaging.clock.setWallClock(days * dayMs);
}

/** As many as there are days, one look each. */
async function live(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    world.messaging.clock.advance(dayMs);
    await course.look();
  }
}

function talkLongAgo(): void {
  for (const text of ['one', 'two']) world.told(text);
  letPass(100);
  world.told('now');
}

test('old messages are announced a week before the first one goes, and then they go each day', async () => {
  talkLongAgo();
  await course.look();
  assert.deepEqual(announced, [{ messages: 2, days: 90, beginsAt: world.now + 7 * dayMs }]);
  assert.equal(course.show().state, 'announced');
  await live(6);
  assert.deepEqual([world.archiveNames().length, world.kept().length, announced.length], [0, 3, 1]);
  await live(1);
  assert.deepEqual([world.archiveNames().length, world.kept().length, course.show().state], [1, 1, 'agreed']);
  const { archives, lastRun } = course.show();
  assert.deepEqual([archives.map(({ messages, isMissing }) => [messages, isMissing]), lastRun?.archived], [[[2, false]], 2]);
});

test('who agrees does not wait for the week, and who runs it agrees', async () => {
  talkLongAgo();
  await course.look();
  course.agree('cli');
  await live(1);
  assert.equal(world.kept().length, 1);
  const agreed = auditEvents(world.messaging.stores).filter((event) => event.startsWith('retention'));
  assert.deepEqual(agreed, ['retention_announced', 'retention_agreed']);
});

test('a run that a person asks for happens at once', async () => {
  talkLongAgo();
  const { archived, removed, problems } = await course.run('cli');
  assert.deepEqual([archived, removed, problems], [2, 2, []]);
});

test('a run that a person asks for while the announcement is made is the only one', async () => {
  talkLongAgo();
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  course = begin({ pause: () => gate });
  const looking = course.look();
  const running = course.run('cli');
  goOn();
  assert.deepEqual([(await running).problems, (await running).archived], [[], 2]);
  await looking;
  assert.equal(world.archiveNames().length, 1);
});

test('a look at a database that cannot be read is told, and ends nothing', async () => {
  const told: string[] = [];
  const unreadable = () => {
    throw new Error('disk I/O error');
  };
  course = begin({ days: unreadable, log: (message) => void told.push(message) });
  await course.look();
  assert.deepEqual(told, ['the housekeeping was not done']);
});

test('with nothing old there is nothing to announce', async () => {
  world.told('now');
  await live(3);
  assert.deepEqual([announced, course.show().state], [[], 'quiet']);
});

test('0 days keep everything for good, and a run is refused', async () => {
  days = { messages: 0, transcripts: 0 };
  talkLongAgo();
  await live(9);
  assert.deepEqual([announced, world.kept().length, course.show().state], [[], 3, 'off']);
  await assert.rejects(course.run('cli'), { code: 'refused' });
  assert.throws(() => course.agree('cli'), { code: 'refused' });
  assert.deepEqual((await course.preview()).messages, 0);
});

test('a clock that jumps a year ahead makes nothing go until a day has passed by it', async () => {
  world.told('one');
  world.told('two');
  world.told('three');
  await course.look();
  course.agree('cli');
  await live(2);
  letPass(365);
  world.messaging.clock.advance(2 * 60 * 60_000);
  await course.look();
  assert.equal(world.kept().length, 3);
  letPass(-365);
  world.messaging.clock.advance(2 * 60 * 60_000);
  await live(2);
  assert.equal(world.kept().length, 3);
});

test('a day that was missed is made up for by the next backend', async () => {
  talkLongAgo();
  await course.look();
  course.agree('cli');
  await course.close();
  letPass(1);
  course = begin();
  await course.look();
  assert.equal(world.kept().length, 1);
});

test('by itself it looks a minute after the start, and later again', async () => {
  talkLongAgo();
  course.start();
  const once = new Promise<void>((resolve) => course.changed.on(resolve));
  world.messaging.clock.advance(60_000);
  await once;
  assert.equal(announced.length, 1);
});

test('two runs at once are refused, and one that cannot archive says why and goes on', async () => {
  talkLongAgo();
  const first = course.run('cli');
  await assert.rejects(course.run('cli'), { code: 'conflict' });
  await first;
});

test('transcripts are archived from the day on that a person sets for them, without an announcement', async () => {
  days = { messages: 0, transcripts: 30 };
  const { stores } = world.messaging;
  workLongAgo(stores, { turns: 2, at: world.now - 40 * dayMs });
  await course.look();
  assert.deepEqual([announced, course.show().transcriptArchives], [[], []]);
  await live(1);
  const { transcriptArchives, lastRun, state } = course.show();
  assert.deepEqual([transcriptArchives.map(({ items }) => items), lastRun?.archivedItems, state], [[4], 4, 'off']);
  assert.deepEqual(lastRun?.problems, []);
});

test('a preview tells of messages and of transcripts, each by its own days', async () => {
  days = { messages: 90, transcripts: 30 };
  talkLongAgo();
  workLongAgo(world.messaging.stores, { turns: 2, at: world.now - 40 * dayMs });
  const { messages, items, sessions } = await course.preview();
  assert.deepEqual([messages, items, sessions], [2, 4, 1]);
  days = { messages: 90, transcripts: 0 };
  assert.equal((await course.preview()).items, 0);
});
