/** Old items of transcripts on their way out of the database, over real files. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { examineDatabase } from '../../../server/doctor/examine-database.ts';
import type { SessionChange } from '../../../server/protocol/session.ts';
import { manifestOf } from '../../../server/retention/archive-file.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { rowHash } from '../../../server/store/row-hash.ts';
import { CrashPoint } from '../../support/crashing-database.ts';
import { OldTranscriptsWorld } from '../../support/old-transcripts.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { ids, permissionAsked, text, turnEnded, turnStarted } from '../../support/transcripts.ts';

let world: OldTranscriptsWorld;
beforeEach(() => {
  world = new OldTranscriptsWorld();
});
afterEach(() => world.remove());

const run = () => world.archiving().run(world.before());

test('turns that ended long ago are in an archive byte for byte and nowhere else, and the younger ones stay', async () => {
  world.work('one');
  world.work('two');
  const lines = [...world.lines().values()];
  world.letPass(100);
  world.work('three');
  assert.deepEqual(await run(), { archived: 6, removed: 6 });
  assert.deepEqual(await world.archivedLines(), lines);
  assert.deepEqual(world.texts(), ['three']);
  const { item } = JSON.parse(lines[0] ?? '');
  const { row_hash: hash, ...cells } = item;
  assert.equal(hash, rowHash(Object.values(cells)));
});

test('the session says what went, when and where, and keeps its row, its counts and its measures', async () => {
  world.work('one');
  const [before, measured] = [world.sessions.get(world.id), world.measured()];
  const from = world.now;
  world.letPass(100);
  await run();
  world.reopen('inOrder');
  const { archived, ...session } = world.sessions.get(world.id);
  assert.deepEqual(session, before);
  const archives = world.archiveNames();
  assert.deepEqual(archived, { items: 3, firstAt: from, lastAt: from, upToOrdinal: 2, archivedAt: world.now, archives });
  assert.deepEqual(world.measured(), measured);
  world.work('two');
  const [row] = world.measured();
  assert.deepEqual([row?.turnCount, row?.toolCallCount], [2, 2]);
  assert.deepEqual(world.sessions.list({ agentId: null, projectId: null, limit: 5 })[0]?.archived, archived);
});

test('nothing of a session goes in which a turn runs, a question is open, a prompt waits or its agent has something to tell', async () => {
  const running = world.newSession();
  const asking = world.newSession();
  const waiting = world.newSession();
  const untold = world.newSession();
  for (const id of [running, asking, waiting, untold]) world.work('one', id);
  world.take(running, turnStarted(ids.turn()));
  world.take(asking, turnStarted(ids.turn()), permissionAsked(ids.approval()));
  world.sessions.addPrompt(waiting, { id: ids.prompt(), text: 'more' }, () => {});
  world.unsettled.add(world.agentOf(untold));
  world.letPass(100);
  assert.deepEqual(await run(), { archived: 0, removed: 0 });
  assert.deepEqual(world.archiveNames(), []);
  world.unsettled.clear();
  assert.deepEqual(await run(), { archived: 3, removed: 3 });
});

test('a turn goes whole: one that ended later keeps what it began with', async () => {
  world.work('one');
  const turn = ids.turn();
  world.take(world.id, turnStarted(turn), text(ids.item(), 0, 'begun long ago'));
  world.letPass(100);
  world.take(world.id, turnEnded(turn));
  await run();
  assert.deepEqual(world.texts(), ['begun long ago']);
});

test('an item that the disk changed stays where the doctor finds it', async () => {
  world.work('one');
  world.db.exec(`update items set body = replace(body, 'one', 'two') where kind = 'text'`);
  world.letPass(100);
  assert.deepEqual(await run(), { archived: 2, removed: 2 });
  assert.deepEqual(world.texts(), ['two']);
});

test('who watches is told in the order of all changes, and a gap is none', async () => {
  world.work('one');
  const changes: SessionChange[] = [];
  const seqs: number[] = [];
  const snapshot = world.sessions.watch(
    world.id,
    ({ seq, changes: more }) => {
      seqs.push(seq);
      changes.push(...more);
    },
    100,
  );
  world.letPass(100);
  const removed = (sessions: readonly string[]) => {
    for (const id of sessions) world.sessions.showArchived(world.sessions.find(id).id);
  };
  await world.archiving({ removed }).run(world.before());
  assert.deepEqual(seqs, [snapshot.seq + 1]);
  assert.deepEqual(
    changes.map((change) => (change.op === 'session' ? change.session.archived?.items : change.op)),
    [3],
  );
  assert.deepEqual(world.sessions.page(world.id, undefined, 100).items, []);
  world.work('two');
  assert.deepEqual(world.texts(), ['two']);
});

test('a preview counts entries and bytes, and changes nothing', async () => {
  world.work('one');
  world.work('two', world.newSession());
  world.letPass(100);
  const sessions = new Set<string>();
  const { count, bytes } = await world.archiving().preview(world.before(), ({ of }) => void sessions.add(of));
  assert.deepEqual([count, sessions.size, bytes > 0], [6, 2, true]);
  assert.deepEqual([world.archiveNames(), world.lines().size], [[], 6]);
});

test('the audit log says what may go before it goes and what went after, with the hash of the archive', async () => {
  world.work('one');
  world.letPass(100);
  await run();
  const [name = ''] = world.archiveNames();
  const { sha256, items, format } = JSON.parse(readFileSync(manifestOf(join(world.dir, name)), 'utf8'));
  assert.deepEqual([items, format], [3, 'agor-transcripts-1']);
  const rows = world.kept.stores.btmsg.db
    .prepare<[], { event: string; detail: string }>("select event, detail from audit_log where event like 'transcripts_%' order by seq")
    .all();
  assert.deepEqual(
    rows.map(({ event, detail }) => [event, JSON.parse(detail).sha256, JSON.parse(detail).items]),
    [
      ['transcripts_archived', sha256, 3],
      ['transcripts_removed', sha256, 3],
    ],
  );
});

test('afterwards the doctor, the marks and the audit log find nothing amiss', async () => {
  world.work('one');
  world.letPass(100);
  await run();
  world.reopen('inOrder');
  const { stores, paths } = world.kept;
  assert.deepEqual(stores.problems(), []);
  for (const { db } of [stores.sessions, stores.btmsg]) assert.deepEqual(damagedRows(db, 1_000), []);
  const verdict = await verifyAudit(stores.audit, { dataDir: paths.dataDir, witness: stores.witness.read(), heads: [stores.audit.head()] });
  assert.deepEqual(verdict.breaks, []);
  const newestSchema = Number(stores.sessions.db.pragma('user_version', { simple: true }));
  const place = { path: paths.sessionsDb, newestSchema };
  const found = await examineDatabase(place, { loss: null, isAlone: true, now: world.now });
  assert.deepEqual(
    found.map(({ level }) => level),
    ['ok'],
  );
});

test('a run that was cut short before any of its statements loses nothing, doubles nothing, and is ended by the next', async () => {
  for (let turn = 0; turn < 8; turn += 1) world.work(`turn ${turn}`);
  world.letPass(100);
  world.work('now');
  const everything = world.lines();
  let crashes = 0;
  for (let statement = 0; ; statement += 1) {
    const crash = new CrashPoint(statement);
    const { sessions, btmsg } = world.kept.stores;
    for (const { db } of [sessions, btmsg]) crash.watch(db, [sessions.db, btmsg.db]);
    const outcome = await run().catch((error: unknown) => error);
    const hasCrashed = crash.hasStruck;
    world.reopen('afterKill');
    const archived = await world.archivedIds();
    const there = world.lines();
    assert.deepEqual([...new Set([...archived, ...there.keys()])].sort(), [...everything.keys()].sort(), `before statement ${statement}`);
    assert.equal(new Set(archived).size, archived.length, `doubled before statement ${statement}`);
    const gone = world.sessions.get(world.id).archived?.items ?? 0;
    assert.equal(gone + there.size, everything.size, `counted before statement ${statement}`);
    if (!hasCrashed) {
      assert.ok(!(outcome instanceof Error), String(outcome));
      break;
    }
    crashes += 1;
  }
  assert.ok(crashes > 15, `${crashes}`);
  assert.deepEqual((await world.archivedLines()).toSorted(), (await world.archivedIds()).map((id) => everything.get(id)).toSorted());
  assert.deepEqual([world.texts(), world.kept.stores.problems()], [['now'], []]);
  assert.equal(auditEvents(world.kept.stores).filter((event) => event === 'transcripts_archived').length, world.archiveNames().length);
});

test('transcripts that were brought back from before, alone, lose the same items again and are archived once', async () => {
  world.work('one');
  const rows = world.db.prepare<[], Record<string, unknown>>('select * from items').all();
  world.letPass(100);
  await run();
  world.db.exec('delete from archived_items');
  for (const row of rows)
    world.db.prepare(`insert into items (${Object.keys(row)}) values (${Object.keys(row).map(() => '?')})`).run(...Object.values(row));
  assert.deepEqual(await run(), { archived: 0, removed: 3 });
  assert.deepEqual([world.archiveNames().length, world.lines().size], [1, 0]);
});

test('nothing is removed by an archive that was taken away meanwhile; what is left is archived anew', async () => {
  world.work('one');
  world.letPass(100);
  let isEnding = false;
  const { btmsg } = world.kept.stores;
  // It ends between the archive and the first removal.
  const stop = btmsg.committed.on(() => {
    isEnding = true;
  });
  assert.deepEqual(await world.archiving({ isEnding: () => isEnding }).run(world.before()), { archived: 3, removed: 0 });
  stop();
  for (const name of world.archiveNames()) rmSync(join(world.dir, name));
  assert.deepEqual(await run(), { archived: 3, removed: 3 });
});
