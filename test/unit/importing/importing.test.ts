import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { FormerParties } from '../../../server/importing/former-parties.ts';
import { Importing } from '../../../server/importing/importing.ts';
import { type AgentId, MessageId, PartyId } from '../../../server/protocol/ids.ts';
import type { ImportReport } from '../../../server/protocol/import.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import type { Cell } from '../../../server/store/row-hash.ts';
import { fillOriginal, OriginalSystem } from '../../support/original-database.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

type Row = Readonly<Record<string, Cell>>;

const builder = newId<AgentId>();

let kept: TestStores;
let importing: Importing;
let system: OriginalSystem;
let folder: string;
let shop: string;

beforeEach(() => {
  kept = new TestStores();
  shop = kept.folder('shop');
  folder = kept.folder('earlier');
  system = new OriginalSystem(join(folder, 'btmsg.db'));
  const { btmsg: file, audit } = kept.stores;
  const knownAgents = () => [{ id: builder, name: 'builder', projectPath: shop }];
  importing = new Importing({
    ...{ file, audit, knownAgents, importsDir: kept.paths.imports, now: () => 5_000 },
    isTeam: (id) => id === 'g1',
    screen: (text) =>
      text.includes('HOLD')
        ? { verdict: 'hold', findings: [{ rule: 'test/mark', meaning: 'A mark of the test.', excerpt: 'HOLD', at: 0 }] }
        : { verdict: 'deliver', findings: [] },
    imported: () => {},
  });
});
afterEach(() => {
  system.close();
  kept.remove();
});

function rows(sql: string): Row[] {
  return kept.stores.btmsg.db.prepare<[], Row>(sql).all();
}

function counts({ tables }: ImportReport): Record<string, string> {
  return Object.fromEntries(tables.map(({ name, found, imported, known, left }) => [name, `${found}: ${imported} ${known} ${left}`]));
}

function nameOf(party: Cell | undefined): string | undefined {
  return new FormerParties(kept.stores.btmsg.db).name(PartyId.parse(party));
}

test('everything comes over once, from a database that its program still has open', () => {
  fillOriginal(system, shop);
  assert.deepEqual(counts(importing.run(folder, 'cli')), {
    audit_log: '1: 0 0 1',
    agents: '3: 3 0 0',
    contacts: '2: 1 0 1',
    heartbeats: '1: 1 0 0',
    channels: '1: 1 0 0',
    channel_members: '2: 2 0 0',
    messages: '3: 3 0 0',
    channel_messages: '1: 1 0 0',
    dead_letter_queue: '1: 1 0 0',
    seen_messages: '1: 1 0 0',
    tasks: '2: 2 0 0',
    task_comments: '1: 1 0 0',
  });
  assert.deepEqual(damagedRows(kept.stores.btmsg.db, 100), []);
  assert.deepEqual(auditEvents(kept.stores), ['import_finished']);
});

test('a second run brings over only what is new, and one that finds nothing new leaves no trace', () => {
  const { answer } = fillOriginal(system, shop);
  importing.run(folder, 'cli');
  const before = rows('select (select count(*) from messages) as messages, (select count(*) from deliveries) as deliveries');
  const again = importing.run(system.path, 'cli');
  assert.deepEqual(
    again.tables.filter(({ imported }) => imported > 0),
    [],
  );
  assert.deepEqual(rows('select (select count(*) from messages) as messages, (select count(*) from deliveries) as deliveries'), before);
  assert.deepEqual(auditEvents(kept.stores), ['import_finished']);
  system.message('mgr', 'bld', 'One more.', { reply_to: answer, created_at: '2025-03-01 00:00:00' });
  assert.equal(counts(importing.run(folder, 'cli')).messages, '4: 1 3 0');
  assert.equal(
    rows("select * from messages where body = 'One more.'")[0]?.thread_id,
    rows('select thread_id from messages order by place limit 1')[0]?.thread_id,
  );
});

test('messages keep their order, time and thread, and none of them waits for anybody', () => {
  fillOriginal(system, shop);
  importing.run(folder, 'cli');
  const [order, answer, thanks] = rows('select * from messages where recipient is not null order by place');
  assert.deepEqual([order?.body, answer?.body, thanks?.body], ['Build the shop.', 'It is built.', 'Thanks.']);
  assert.equal(order?.sent_at, Date.UTC(2025, 0, 2, 3, 4, 5));
  assert.deepEqual([answer?.thread_id, answer?.reply_to, thanks?.thread_id], [order?.id, order?.id, order?.id]);
  assert.deepEqual([order?.recipient, answer?.sender, order?.team_id], [builder, builder, 'g1']);
  assert.ok(MessageId.safeParse(order?.id).success);
  assert.deepEqual(
    rows('select distinct state from deliveries order by 1').map(({ state }) => state),
    ['dead', 'seen'],
  );
  const [unread] = rows(`select * from deliveries where message_id = '${thanks?.id}'`);
  assert.deepEqual([unread?.state, unread?.dead_at, unread?.reason], ['dead', 5_000, 'imported; it was unread there']);
  assert.deepEqual(rows('select settlement, error, content from dead_letter_queue'), [
    { settlement: 'discarded', error: 'no such agent', content: 'Are you there?' },
  ]);
  assert.equal(rows('select seen_at from seen_messages')[0]?.seen_at, 1_735_787_046_000);
});

test('who is none of our agents is a former party with its name, and the admin is the person', () => {
  fillOriginal(system, shop);
  importing.run(folder, 'cli');
  const [order] = rows("select sender from messages where body = 'Build the shop.'");
  assert.match(String(order?.sender), /^former:[0-9a-f]{16}:mgr$/);
  assert.equal(nameOf(order?.sender), 'Manager');
  assert.equal(nameOf(rows('select to_agent from dead_letter_queue')[0]?.to_agent), 'gone');
  assert.equal(nameOf('former:0000000000000000:mgr'), undefined);
  assert.equal(nameOf(builder), undefined);
  assert.deepEqual(rows('select party, contact, origin from contacts'), [{ party: 'person', contact: builder, origin: 'import' }]);
  assert.deepEqual(rows('select agent_id, last_heartbeat from heartbeats'), [{ agent_id: builder, last_heartbeat: 1_735_787_000_000 }]);
});

test('a channel gets a name of ours, or is the one that its team has already', () => {
  fillOriginal(system, shop);
  system.add('channels', { name: 'review-queue', group_id: 'g1', created_by: 'mgr' });
  importing.run(folder, 'cli');
  assert.deepEqual(rows('select name, team_id from channels'), [{ name: 'review-queue', team_id: 'g1' }]);
  const [said] = rows('select * from messages where channel_id is not null');
  assert.equal(said?.recipient, null);
  assert.deepEqual(rows(`select recipient, state from deliveries where message_id = '${said?.id}'`), [
    { recipient: builder, state: 'seen' },
  ]);
});

test('tasks keep their parents, even those that come later, and what is not known here becomes what is usual', () => {
  fillOriginal(system, shop);
  const { notes } = importing.run(folder, 'cli');
  const [till, whole] = rows('select * from tasks order by number');
  assert.deepEqual([till?.number, till?.title, till?.status, till?.priority], [1, 'Till', 'review', 'medium']);
  assert.deepEqual([whole?.number, whole?.title, whole?.status, whole?.version, whole?.assigned_to], [2, 'Shop', 'todo', 4, builder]);
  assert.equal(till?.parent_task_id, whole?.id);
  assert.equal(rows('select task_id from task_comments')[0]?.task_id, till?.id);
  assert.ok(notes.includes('The status "waiting" is not known here; such tasks are "todo".'), notes.join('\n'));
});

test('what the screening finds something in is held, like what is new', () => {
  system.message('mgr', 'bld', 'HOLD this');
  system.message('mgr', 'bld', 'and not this');
  system.add('tasks', { id: 't', title: 'Till', description: 'HOLD this', created_by: 'mgr', group_id: 'g1' });
  system.add('task_comments', { task_id: 't', agent_id: 'mgr', content: 'HOLD this' });
  const { notes } = importing.run(folder, 'cli');
  assert.deepEqual(rows('select verdict, hold from messages order by place'), [
    { verdict: 'hold', hold: 'waiting' },
    { verdict: 'deliver', hold: 'none' },
  ]);
  assert.deepEqual(
    ['tasks', 'task_comments']
      .flatMap((table) => rows(`select is_held, findings from ${table}`))
      .map(({ is_held, findings }) => [is_held, JSON.parse(String(findings)).length]),
    [
      [1, 1],
      [1, 1],
    ],
  );
  assert.ok(notes.some((note) => note.startsWith('The screening found something in a text') && note.endsWith('(3 times)')));
});

test('a circle of parents is cut open, and a part of a task that is gone stands alone', () => {
  const task = (id: string, parent_task_id: string) =>
    system.add('tasks', { id, title: id, created_by: 'mgr', group_id: 'g1', parent_task_id });
  task('a', 'b');
  task('b', 'c');
  task('c', 'a');
  task('d', 'gone');
  task('e', 'e');
  const { notes } = importing.run(folder, 'cli');
  const parents = rows('select t.title, p.title as parent from tasks t left join tasks p on p.id = t.parent_task_id order by 1');
  assert.deepEqual(
    parents.map(({ title, parent }) => `${title} ${parent}`),
    ['a null', 'b c', 'c a', 'd null', 'e null'],
  );
  assert.ok(notes.some((note) => note.startsWith('A task is a part of itself; it stands alone here.')));
});

test('an older version that lacks tables and columns comes over as far as it goes', () => {
  system.close();
  const path = join(kept.folder('older'), 'btmsg.db');
  const older = new OriginalSystem(path);
  older.db.exec('drop table tasks; drop table task_comments; drop table channels; drop table seen_messages; drop table audit_log');
  for (const column of ['group_id', 'sender_group_id', 'reply_to', 'read', 'created_at'])
    older.db.exec(`alter table messages drop column ${column}`);
  older.add('messages', { from_agent: 'x', to_agent: 'y', content: 'hello' });
  older.close();
  const report = importing.run(path, 'cli');
  assert.equal(counts(report).messages, '1: 1 0 0');
  assert.equal(counts(report).tasks, undefined);
  assert.equal(rows('select sent_at from messages')[0]?.sent_at, 5_000);
  assert.ok(report.notes.includes('A row of messages has a time that cannot be read; it has that of the import.'));
});

test('its audit log is kept beside ours, for the eyes of its owner only, and ours takes none of it in', () => {
  fillOriginal(system, shop);
  const { notes } = importing.run(folder, 'cli');
  const path = /it is in (\S+)\.$/.exec(notes.find((note) => note.startsWith('Its audit log')) ?? '')?.[1] ?? '';
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event_type),
    ['wake_event'],
  );
  assert.equal(kept.stores.audit.firstBreak(), undefined);
});

test('a group that is not declared is named, because its board is not seen', () => {
  system.message('a', 'b', 'x');
  system.add('tasks', { title: 't', created_by: 'a', group_id: 'g2' });
  const { notes } = importing.run(folder, 'cli');
  assert.ok(notes.includes('groups.json does not declare the group "g2"; its board and channels are seen once it does.'), notes.join('\n'));
});

test('two systems with agents of the same id are told apart', () => {
  fillOriginal(system, shop);
  const other = new OriginalSystem(join(kept.folder('other'), 'btmsg.db'));
  other.add('agents', { id: 'mgr', name: 'Other manager', role: 'manager', group_id: 'g1' });
  other.message('mgr', 'mgr', 'to myself');
  importing.run(folder, 'cli');
  importing.run(other.path, 'cli');
  other.close();
  const names = rows('select distinct sender from messages order by place').map(({ sender }) => nameOf(sender));
  assert.deepEqual(names.filter(Boolean), ['Manager', 'Other manager']);
});

test('when the disk does not take it, nothing has come over', () => {
  fillOriginal(system, shop);
  for (let count = 0; count < 200; count += 1) system.message('mgr', 'bld', 'x'.repeat(5_000));
  const { db } = kept.stores.btmsg;
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 10}`);
  assert.throws(() => importing.run(folder, 'cli'), { code: 'storage' });
  assert.deepEqual(
    rows('select (select count(*) from messages) + (select count(*) from imported) + (select count(*) from agents) as count'),
    [{ count: 0 }],
  );
  db.pragma('max_page_count = 1073741823');
  assert.equal(counts(importing.run(folder, 'cli')).messages, '203: 203 0 0');
});

test('links that lead in a circle are refused as such', () => {
  const circle = join(kept.dir, 'circle');
  symlinkSync(circle, circle);
  assert.throws(() => importing.run(circle, 'cli'), { code: 'storage', message: /circle cannot be a place for files \(ELOOP\)/ });
});
