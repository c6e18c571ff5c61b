/** The index beside damage, and what is not an index at all. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import Database from 'better-sqlite3';
import { searchMigrations } from '../../../server/search/search-tables.ts';
import { openDatabase } from '../../../server/store/open-database.ts';
import { Random } from '../../faults/random.ts';
import { SearchWorld } from '../../support/search-world.ts';

let world: SearchWorld;
beforeEach(() => {
  world = new SearchWorld();
});
afterEach(() => world.remove());

test('an index that is missing is filled by itself', () => {
  world.say(10, 'falcon');
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  assert.deepEqual(world.news, []);
});

test('an index that is no database is made anew, and said once', () => {
  world.say(10, 'falcon');
  writeFileSync(world.path, 'this is no database, and longer than a header of one would have to be, so that it is looked at in earnest');
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  world.restart();
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  assert.equal(world.news.length, 1);
});

test('an index that is damaged in its middle is made anew when that shows', () => {
  for (let number = 10; number < 300; number += 1) world.say(number, `falcon ${number} ${'feather '.repeat(50)}`);
  while (world.keeper.step());
  world.restart();
  truncateSync(world.path, 64 * 1024);
  while (world.keeper.step());
  assert.equal(world.find('falcon', { limit: 5 }).groups[0]?.hits.length, 5);
  while (world.keeper.step());
  assert.deepEqual(world.keeper.state(), { indexed: 290, waiting: 0 });
  assert.equal(world.news.length, 1);
});

test('bytes that the disk changed anywhere in an index never stop the search', () => {
  for (let number = 10; number < 200; number += 1) world.say(number, `falcon ${number} ${'feather '.repeat(40)}`);
  while (world.keeper.step());
  world.restart();
  const whole = readFileSync(world.path);
  const random = new Random(11);
  for (let round = 0; round < 150; round += 1) {
    const damaged = Buffer.from(whole);
    // Each fifth time in the header and the schema.
    const from = round % 5 === 0 ? random.below(4_096) : random.below(damaged.length);
    random.bytes(1 + random.below(400)).copy(damaged, from);
    writeFileSync(world.path, damaged);
    for (const order of ['newest', 'best'] as const) assert.doesNotThrow(() => world.find('falcon feathers', { order }), `round ${round}`);
    while (world.keeper.step());
    world.restart();
  }
  writeFileSync(world.path, whole.subarray(0, 700));
  assert.equal(world.find('falcon').groups[0]?.hits.length, 20);
});

test('an index of a newer version is made anew in the schema of this one', () => {
  world.say(10, 'falcon');
  world.find('falcon');
  world.restart();
  const index = new Database(world.path);
  index.pragma('user_version = 99');
  index.close();
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  assert.match(world.news.join(), /^The search index could not be used, and is made anew/);
});

test('an index of the version before goes on with what it holds', () => {
  const index = openDatabase(world.path, { durability: 'normal', migrations: searchMigrations.slice(0, 1) });
  index.exec(`insert into message_documents values (1, 'old', 'falcon of before', 's', 'p', 'builder in shop', '', '', '', 1,
    '{"kind":"audit","seq":1}')`);
  index.close();
  world.say(10, 'falcon of now');
  assert.deepEqual(world.texts('falcon'), ['falcon of now', 'falcon of before']);
  assert.deepEqual(world.news, []);
});

test('a folder in its place gives way: an empty one goes, and what somebody put into one is kept', () => {
  world.say(10, 'falcon');
  mkdirSync(world.path);
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  world.restart();
  renameSync(world.path, `${world.path}.old`);
  mkdirSync(world.path);
  writeFileSync(join(world.path, 'letter.txt'), 'dear falcon');
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  const aside = readdirSync(world.kept.dir).find((name) => name.startsWith('search.db.set-aside-')) ?? '';
  assert.equal(readFileSync(join(world.kept.dir, aside, 'letter.txt'), 'utf8'), 'dear falcon');
  assert.equal(world.news.length, 2);
});

test('an index that cannot be opened now is not thrown away, and is opened when it can be', () => {
  world.say(10, 'falcon');
  world.find('falcon');
  world.restart();
  const [before, away] = [statSync(world.path).ino, `${world.path}.away`];
  renameSync(world.path, away);
  symlinkSync(join(world.kept.dir, 'nowhere', 'search.db'), world.path);
  assert.throws(() => world.keeper.step(), { code: 'storage' });
  unlinkSync(world.path);
  renameSync(away, world.path);
  assert.deepEqual(world.texts('falcon'), ['falcon']);
  assert.deepEqual([statSync(world.path).ino, world.news], [before, []]);
});

test('what is left of a rebuild that was killed is in nobody way', async () => {
  world.say(10, 'falcon');
  writeFileSync(`${world.path}.new`, 'half an index');
  assert.deepEqual(await world.keeper.rebuild(() => {}), { indexed: 1, isCancelled: false });
  assert.equal(existsSync(`${world.path}.new`), false);
  assert.deepEqual(world.texts('falcon'), ['falcon']);
});

test('an index that is ahead of the databases, as after a backup was put back, is made anew', () => {
  world.say(10, 'falcon');
  world.say(11, 'sparrow');
  world.find('falcon');
  world.restart();
  world.unsay(11);
  world.sessions.exec(`delete from search_changes where change > 1; update sqlite_sequence set seq = 1 where name = 'search_changes'`);
  assert.deepEqual(world.texts('sparrow'), []);
  assert.match(world.news.join(), /of other data/);
});
