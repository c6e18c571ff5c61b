/** Databases written anew without what is free in them, over real files and with real kills. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, test } from 'node:test';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { freePages, isIncremental } from '../../../server/store/incremental-vacuum.ts';
import { restoringPath } from '../../../server/store/restoring.ts';
import { openStores } from '../../../server/stores.ts';
import { type CompactStep, compactDatabases } from '../../../server/wiring/compact-databases.ts';
import { OldTranscriptsWorld } from '../../support/old-transcripts.ts';
import { auditEvents } from '../../support/test-stores.ts';

const recover = join(import.meta.dirname, '../../../server/recover.ts');

let world: OldTranscriptsWorld;
beforeEach(() => {
  world = new OldTranscriptsWorld();
  world.work('what stays');
  growAndShrink();
});
afterEach(() => world.remove());

/** As one of before that cannot give free pages back, most of which is free. */
function growAndShrink(): void {
  const { db } = world;
  db.pragma('journal_mode = delete');
  db.pragma('auto_vacuum = none');
  db.exec('vacuum');
  db.pragma('journal_mode = wal');
  db.exec('create table filler (text text); insert into filler values (zeroblob(4000000)); drop table filler;');
  assert.deepEqual([isIncremental(db), freePages(db) > 500], [false, true]);
}

/** All rows but the number of commits, which grows with what is told of it. */
function contents(): string {
  const { sessions } = world.kept.stores;
  return JSON.stringify([[...world.lines()], sessions.db.prepare('select * from sessions').all(), sessions.db.pragma('user_version')]);
}

test('the file is as large as what it holds, holds the same, and gives free pages back from then on', async () => {
  const { paths } = world.kept;
  const before = contents();
  writeFileSync(paths.searchDb, 'the index goes on: no change has another number');
  world.kept.stores.close();
  const size = statSync(paths.sessionsDb).size;
  const steps: string[] = [];
  const done = compactDatabases(paths, ({ step, database }) => void steps.push(`${step} ${database}`));
  assert.deepEqual(
    steps,
    ['copying', 'checking', 'exchanging', 'opening'].map((step) => `${step} sessions.db`),
  );
  const after = statSync(paths.sessionsDb).size;
  assert.deepEqual(done, [{ database: 'sessions.db', beforeBytes: size, afterBytes: done[0]?.afterBytes }]);
  assert.ok(after < size / 10, `${size} → ${after}`);
  assert.ok(existsSync(paths.searchDb));
  world.reopen('inOrder');
  const { stores } = world.kept;
  assert.deepEqual([contents(), isIncremental(world.db), freePages(world.db)], [before, true, 0]);
  assert.deepEqual([stores.problems(), damagedRows(world.db, 1_000)], [[], []]);
  const verdict = await verifyAudit(stores.audit, { dataDir: paths.dataDir, witness: stores.witness.read(), heads: [stores.audit.head()] });
  assert.deepEqual([verdict.breaks, auditEvents(stores).at(-1)], [[], 'databases_compacted']);
  assert.deepEqual([existsSync(restoringPath(paths.dataDir)), readdirSync(paths.quarantine)], [false, []]);
});

test('a database that has little free and gives it back by itself is left alone', () => {
  const { paths } = world.kept;
  world.kept.stores.close();
  compactDatabases(paths, () => {});
  const before = statSync(paths.sessionsDb).ino;
  assert.deepEqual(
    compactDatabases(paths, () => {}),
    [],
  );
  assert.equal(statSync(paths.sessionsDb).ino, before);
  world.reopen('inOrder');
});

test('rows that the disk changed are not brought over: nothing is changed, and the way out is named', () => {
  const { paths } = world.kept;
  world.db.exec(`update items set body = replace(body, 'stays', 'went') where kind = 'text'`);
  world.kept.stores.close();
  const before = statSync(paths.sessionsDb).ino;
  assert.throws(() => compactDatabases(paths, () => {}), { code: 'storage', message: /items \d+.*nothing was changed.*agor recover/ });
  assert.deepEqual([statSync(paths.sessionsDb).ino, existsSync(restoringPath(paths.dataDir))], [before, false]);
  world.reopen('inOrder');
});

test('a new file that does not open gives way to the old one', () => {
  const { paths } = world.kept;
  const before = contents();
  world.kept.stores.close();
  const spoil = ({ step }: CompactStep) => {
    if (step === 'opening') writeFileSync(paths.sessionsDb, 'no database');
  };
  assert.throws(() => compactDatabases(paths, spoil), { code: 'storage' });
  world.reopen('afterKill');
  assert.deepEqual([contents(), world.kept.stores.problems()], [before, []]);
});

test('killed in any of its steps it comes up as the one or the other, and nothing is lost', async () => {
  const before = contents();
  const { paths } = world.kept;
  for (const step of ['copying', 'checking', 'exchanging', 'opening']) {
    growAndShrink();
    world.kept.stores.close();
    await killedIn(step);
    openStores(paths).close();
    assert.equal(existsSync(restoringPath(paths.dataDir)), false, step);
    world.reopen('afterKill');
    assert.deepEqual([contents(), world.kept.stores.problems()], [before, []], step);
  }
});

async function killedIn(step: string): Promise<void> {
  const wish = JSON.stringify({ do: 'compact' });
  const child = spawn(process.execPath, [recover, world.kept.dir, wish], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(`"step":"${step}"`)) child.kill('SIGKILL');
  assert.deepEqual(await ended, [null, 'SIGKILL'], step);
}
