/** Old messages on their way out of the database, over real files. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { manifestOf } from '../../../server/retention/archive-file.ts';
import { HousekeepingStore } from '../../../server/retention/housekeeping-store.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { rowHash } from '../../../server/store/row-hash.ts';
import { CrashPoint } from '../../support/crashing-database.ts';
import { person } from '../../support/messaging-world.ts';
import { dayMs, OldMessagesWorld } from '../../support/old-messages.ts';
import { auditEvents } from '../../support/test-stores.ts';

let world: OldMessagesWorld;
beforeEach(() => {
  world = new OldMessagesWorld();
});
afterEach(() => world.close());

/** So that those before it are neither the last of all nor the last between the two. */
function lastWords(): void {
  world.messaging.clock.setWallClock(100 * dayMs);
  world.told('and so on');
  world.told('all right', world.builder, world.lead);
}

const before = () => world.now - 90 * dayMs;

test('what was delivered and settled long ago is in an archive with all its rows, and nowhere else', async () => {
  const texts = ['one', 'two', 'three'];
  const sent = texts.map((text) => world.told(text));
  const attached = world.messaging.send(world.lead, world.builder, 'see there', {
    expectsReply: false,
    attachments: [{ name: 'plan.txt', base64: Buffer.from('the plan').toString('base64') }],
  });
  world.messaging.giveTurn(world.builder);
  const ids = [...sent, attached].map(({ id }) => id);
  const lines = ids.map((id) => world.lineOf(id));
  lastWords();
  assert.deepEqual(await world.archiving().run(before()), { archived: 4, removed: 4 });
  assert.deepEqual(await world.archivedLines(), lines);
  assert.equal(world.kept().length, 2);
  for (const table of ['deliveries', 'attachments', 'seen_messages'])
    assert.deepEqual(
      world.db.prepare(`select 1 from ${table} where message_id in (select value from json_each(?))`).all(JSON.stringify(ids)),
      [],
    );
});

test('a row in an archive can be checked by its hash, and the archive by its manifest and by the audit log', async () => {
  world.told('one');
  lastWords();
  await world.archiving().run(before());
  const [name = ''] = world.archiveNames();
  const path = join(world.dir, name);
  const [line = ''] = await world.archivedLines();
  const { row_hash: hash, ...cells } = JSON.parse(line).message[0];
  assert.equal(hash, rowHash(Object.values(cells)));
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const manifest = JSON.parse(readFileSync(manifestOf(path), 'utf8'));
  assert.deepEqual([manifest.sha256, manifest.messages, manifest.archive], [sha256, 1, name]);
  const details = world.db.prepare<[], string>("select detail from audit_log where event like 'messages_%' order by seq").pluck().all();
  assert.deepEqual(
    details.map((detail) => JSON.parse(detail)).map(({ archive, sha256: told, messages }) => [archive, told, messages]),
    [
      [name, sha256, 1],
      [name, sha256, 1],
    ],
  );
  for (const file of readdirSync(world.dir)) assert.equal(statSync(join(world.dir, file)).mode & 0o777, 0o600);
});

test('what is open stays, however old it is', async () => {
  const { messaging, lead, builder } = world;
  const waiting = messaging.send(builder, 'person', 'for you');
  const owed = messaging.send(lead, builder, 'an answer, please', { expectsReply: true });
  messaging.giveTurn(builder);
  const held = messaging.send(lead, builder, 'HOLD this', { expectsReply: false });
  const dead = messaging.send(lead, builder, 'too late', { expectsReply: false });
  messaging.clock.setWallClock(2 * dayMs);
  messaging.messaging.start();
  assert.deepEqual(
    [waiting, owed, dead].map((message) => messaging.stateOf(message)),
    ['queued', 'seen', 'dead'],
  );
  lastWords();
  await world.archiving().run(before());
  assert.deepEqual(await world.archived(), []);
  for (const { id } of [waiting, owed, held, dead]) assert.ok(world.kept().includes(id), id);
});

test('to an agent that was removed nothing is owed, so what it was asked goes', async () => {
  const { messaging, lead, builder } = world;
  const helper = messaging.add('helper');
  const asked = messaging.send(lead, helper, 'an answer, please', { expectsReply: true });
  messaging.giveTurn(helper);
  world.told('still here', lead, helper);
  const agent = world.db.prepare(`insert into agents values (?, 'p', ?, 'demo', '[]', null, '{}', null, 'none', 0, null, 0, ?, '')`);
  agent.run(builder.id, 'builder', null);
  lastWords();
  await world.archiving().run(before());
  assert.deepEqual(await world.archived(), []);
  agent.run(helper.id, 'helper', 5);
  await world.archiving().run(before());
  assert.deepEqual(await world.archived(), [asked.id]);
});

test('a dead letter that was settled goes with its message', async () => {
  const { messaging, lead, builder } = world;
  const dead = messaging.send(lead, builder, 'too late', { expectsReply: false });
  messaging.clock.setWallClock(2 * dayMs);
  messaging.messaging.start();
  const letters = world.db.prepare('select id from dead_letter_queue where message_id = ?').pluck();
  messaging.messaging.deadLetters.discard(String(letters.get(dead.id)), person);
  lastWords();
  await world.archiving().run(before());
  assert.deepEqual([world.kept().includes(dead.id), letters.get(dead.id)], [false, undefined]);
  assert.deepEqual(await world.archived(), [dead.id]);
});

test('a conversation goes as a whole: a new word in it keeps all of it', async () => {
  const asked = world.messaging.send(world.lead, world.builder, 'a question', { expectsReply: true });
  world.messaging.giveTurn(world.builder);
  world.told('something else');
  world.messaging.clock.setWallClock(95 * dayMs);
  const answer = world.messaging.reply(world.builder, asked);
  world.messaging.giveTurn(world.lead);
  lastWords();
  await world.archiving().run(world.now - 101 * dayMs);
  assert.equal(world.archiveNames().length, 1);
  assert.deepEqual(world.kept().slice(0, 2), [asked.id, answer.id]);
});

test('the last word between two and the last of all stay, so that answers stay allowed and places go on', async () => {
  const [first, last] = [world.told('one'), world.told('two')];
  world.messaging.clock.setWallClock(200 * dayMs);
  await world.archiving().run(before());
  assert.deepEqual([await world.archived(), world.kept()], [[first.id], [last.id]]);
  const place = world.db.prepare('select max(place) from messages').pluck();
  const highest = place.get();
  world.told('three');
  assert.equal(place.get(), Number(highest) + 1);
});

test('a preview counts and changes nothing', async () => {
  const [first] = [world.told('one'), world.told('two')];
  lastWords();
  const { count, firstAt } = await world.archiving().preview(before());
  assert.deepEqual([count, firstAt], [2, first?.sentAt]);
  assert.deepEqual([world.archiveNames(), world.kept().length], [[], 4]);
});

test('afterwards the rows, the mark and the audit log are whole', async () => {
  for (const text of ['one', 'two', 'three']) world.told(text);
  lastWords();
  await world.archiving().run(before());
  world.messaging.reopen();
  const { stores } = world.messaging;
  assert.deepEqual(stores.problems(), []);
  assert.deepEqual(damagedRows(stores.btmsg.db, 1_000), []);
  const verdict = await verifyAudit(stores.audit, { witness: stores.witness.read(), heads: [stores.audit.head()], dataDir: '' });
  assert.deepEqual(verdict.breaks, []);
});

test('a run that was cut short before any of its statements loses nothing, doubles nothing, and is ended by the next', async () => {
  const all = () => [...new Set(world.kept())];
  for (let number = 0; number < 25; number += 1) world.told(`message ${number}`);
  lastWords();
  const [everything, lines] = [all(), new Map(all().map((id) => [id, world.lineOf(id)]))];
  let crashes = 0;
  // Each of the first, and then every fifth: where a run is cut off at any time is tried by the faults.
  for (let statement = 0; ; statement += statement < 30 ? 1 : 5) {
    const crash = new CrashPoint(statement);
    crash.watch(world.db);
    const outcome = await world
      .archiving()
      .run(before())
      .catch((error: unknown) => error);
    const hasCrashed = crash.hasStruck;
    world.messaging.reopen('afterKill');
    const archived = await world.archived();
    assert.deepEqual([...new Set([...archived, ...world.kept()])].sort(), everything.toSorted(), `before statement ${statement}`);
    assert.equal(new Set(archived).size, archived.length, `doubled before statement ${statement}`);
    if (!hasCrashed) {
      assert.ok(!(outcome instanceof Error), String(outcome));
      break;
    }
    crashes += 1;
  }
  assert.ok(crashes > 20, `${crashes}`);
  assert.deepEqual((await world.archivedLines()).toSorted(), (await world.archived()).map((id) => lines.get(id)).toSorted());
  assert.equal(world.kept().length, 2);
  assert.deepEqual(world.messaging.stores.problems(), []);
});

test('what was written into an archive and has no row yet is taken on, and not archived twice', async () => {
  world.told('one');
  lastWords();
  await world.archiving().run(before());
  // As an older backup of the database leaves it.
  const [line = ''] = await world.archivedLines();
  world.db.exec('delete from message_archives');
  const { message, deliveries, seen } = JSON.parse(line);
  for (const [table, rows] of Object.entries({ messages: message, deliveries, seen_messages: seen }))
    for (const row of rows)
      world.db.prepare(`insert into ${table} (${Object.keys(row)}) values (${Object.keys(row).map(() => '?')})`).run(...Object.values(row));
  assert.deepEqual(await world.archiving().run(before()), { archived: 0, removed: 1 });
  assert.equal((await world.archived()).length, 1);
  assert.deepEqual(
    new HousekeepingStore(world.db).archives().map(({ emptiedAt }) => emptiedAt),
    [world.now],
  );
});

test('nothing is removed by an archive that was damaged or taken away meanwhile', async () => {
  for (const damage of [(path: string) => truncateSync(path, 20), (path: string) => rmSync(path)]) {
    const first = world.told('one');
    lastWords();
    const crash = new CrashPoint();
    let calls = 0;
    // It ends between the archive and the first removal.
    const { btmsg } = world.messaging.stores;
    const stop = btmsg.committed.on(() => {
      calls += 1;
      const registered = auditEvents(world.messaging.stores).at(-1) === 'messages_archived';
      if (registered) throw new Error('killed');
    });
    await assert.rejects(world.archiving().run(before()));
    stop();
    crash.disarm();
    assert.ok(calls > 0);
    for (const name of world.archiveNames()) damage(join(world.dir, name));
    await world.archiving().run(before());
    const archived = world.archiveNames().length > 1 ? await world.archived().catch(() => [first.id]) : await world.archived();
    assert.ok(world.kept().includes(first.id) || archived.includes(first.id));
    for (const name of readdirSync(world.dir)) rmSync(join(world.dir, name));
    world.db.exec('delete from message_archives');
  }
});

test('a folder that takes no archive keeps every message where it is, and says why', async () => {
  world.told('one');
  lastWords();
  writeFileSync(world.dir, 'in the way');
  const there = world.kept();
  await assert.rejects(world.archiving().run(before()), /cannot be a place for files|EEXIST|ENOTDIR/);
  assert.deepEqual(world.kept(), there);
});

test('a file that somebody put among the archives is set apart, and nothing is taken from it', async () => {
  world.told('one');
  lastWords();
  await world.archiving().run(before());
  writeFileSync(join(world.dir, 'foreign.jsonl.gz'), 'no archive');
  await world.archiving().run(before());
  assert.ok(readdirSync(world.dir).includes('foreign.jsonl.gz.unknown'));
});
