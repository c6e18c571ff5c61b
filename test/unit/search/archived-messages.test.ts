/** What left the databases for an archive is not found any more, and nothing else is lost by it. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { forgetChanges } from '../../../server/retention/forgotten-changes.ts';
import { MessageRecords } from '../../../server/retention/message-record.ts';
import { ArchivedItemsStore } from '../../../server/retention/transcript-archive-store.ts';
import { id, SearchWorld } from '../../support/search-world.ts';

let world: SearchWorld;
beforeEach(() => {
  world = new SearchWorld();
});
afterEach(() => world.remove());

const hits = () => world.find('falcon').groups.map(({ group, hits }) => [group, hits.length]);

function removeMessage(number: number): void {
  const { btmsg } = world.kept.stores;
  btmsg.write(() => new MessageRecords(btmsg.db).remove(id(number)));
}

test('the rows of the index go with the message, its dead letters included', () => {
  world.write(20, 'A falcon in a message');
  world.write(21, 'Another falcon');
  world.loseLetter(20, 'The falcon that nobody saw');
  assert.deepEqual(hits(), [
    ['communications', 2],
    ['deadLetters', 1],
  ]);
  removeMessage(20);
  assert.deepEqual(hits(), [['communications', 1]]);
});

test('an index that is made anew afterwards does not know it either', () => {
  world.write(20, 'A falcon in a message');
  world.write(21, 'Another falcon');
  removeMessage(20);
  world.restart();
  assert.deepEqual(hits(), [['communications', 1]]);
});

const changes = () => world.btmsg.prepare<[], string>('select id from search_changes order by change').pluck().all();
const forget = (hasTakenIn: boolean) =>
  forgetChanges({ db: world.btmsg, hasTakenIn: async () => hasTakenIn, pause: async () => {}, isEnding: () => false });

test('what the index was told of removed rows is forgotten once it has it, but for the newest change of all', async () => {
  for (const number of [20, 21, 22, 23]) world.write(number, `falcon ${number}`);
  for (const number of [20, 22]) removeMessage(number);
  assert.deepEqual(changes(), [21, 23, 20, 22].map(id));
  assert.equal(await forget(false), 0);
  assert.deepEqual(hits(), [['communications', 2]]);
  assert.equal(await forget(true), 1);
  assert.deepEqual(changes(), [21, 23, 22].map(id));
  world.write(24, 'one more falcon');
  assert.deepEqual(hits(), [['communications', 3]]);
  world.restart();
  assert.deepEqual([hits(), world.news], [[['communications', 3]], []]);
});

test('entries of a transcript go from the index with it, and are forgotten once it has that', async () => {
  for (const number of [10, 11, 12]) world.say(number, `falcon ${number}`);
  assert.deepEqual(hits(), [['messages', 3]]);
  const { sessions } = world.kept.stores;
  sessions.write(() => new ArchivedItemsStore(sessions.db).remove('a', [10, 11].map(id), 1));
  assert.deepEqual(hits(), [['messages', 1]]);
  const course = { hasTakenIn: async () => true, pause: async () => {}, isEnding: () => false };
  assert.equal(await forgetChanges({ db: world.sessions, ...course }), 1);
  world.restart();
  assert.deepEqual([hits(), world.news], [[['messages', 1]], []]);
});

test('what was freed in the index goes back to the disk, but for what comes next', () => {
  const many = Array.from({ length: 80 }, (_, index) => 1_000 + index);
  for (const number of many) world.say(number, `falcon ${number} `.repeat(12_000));
  assert.equal(world.keeper.step(), true);
  const size = () => statSync(world.path).size;
  for (const number of many) world.unsay(number);
  while (world.keeper.step());
  world.keeper.close();
  const before = size();
  let steps = 0;
  while (world.keeper.giveBack()) steps += 1;
  world.keeper.close();
  assert.ok(steps > 1 && before - size() > 4 * 1024 * 1024, `${steps} steps, ${before} → ${size()}`);
  assert.deepEqual([hits(), world.news], [[], []]);
});
