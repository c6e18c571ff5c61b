/** Backups from the command line, as a person meets them: made, tried out, and brought back under agents that run. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod/mini';
import { AuditVerdict } from '../../server/protocol/audit.ts';
import { Backup, DrillReport } from '../../server/protocol/backup.ts';
import { requests } from '../../server/protocol/requests.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const Sessions = z.object({ sessions: z.array(z.object({ title: z.string() })) });

let home: AgorHome;
let made: Backup;
const parsed = async <S extends z.ZodMiniType>(schema: S, ...args: string[]) => schema.parse(await home.json(args));
const titles = async () => (await parsed(Sessions, 'session', 'list')).sessions.map(({ title }) => title);
const events = async (event: string) =>
  (await parsed(z.object({ records: z.array(z.object({ detail: z.record(z.string(), z.unknown()) })) }), 'audit', 'list', '--event', event))
    .records;

before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.', '--trust']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo']);
  assert.equal((await home.run(['agent', 'prompt', 'demo', 'help', '--wait'])).code, 0);
});
after(() => home.close());

describe('a backup', () => {
  it('is made, listed and verified', async () => {
    made = await parsed(Backup, 'backup', 'create');
    assert.deepEqual([made.reason, made.flaws, made.databases.sessions.rows.sessions], ['asked', [], 1]);
    const { stdout } = await home.run(['backup', 'list']);
    assert.match(stdout, new RegExp(`^${made.id} +just now +.* 1 sessions, .* good$`, 'm'));
    assert.match(stdout, /^The next one is due at \d{4}-/m);
    assert.equal((await home.run(['backup', 'verify'])).code, 0);
    assert.equal((await events('backup_made'))[0]?.detail.backup, made.id);
  });

  it('is tried out, with a report that is kept', async () => {
    const report = await parsed(DrillReport, 'backup', 'drill');
    assert.deepEqual([report.backup, report.problems], [made.id, []]);
    const list = await parsed(requests['backup/list'].result, 'backup', 'list');
    assert.deepEqual(list.lastDrill, report);
    assert.equal((await events('drill_finished')).length, 1);
  });

  it('that is not there is refused in a sentence', async () => {
    const { code, stderr } = await home.run(['backup', 'verify', '2001-01-01']);
    assert.equal(code, 1);
    assert.match(stderr, /There is no backup "2001-01-01"\. "agor backup list" shows those there are/);
  });

  it('is not brought back without a yes, and what would be lost is said', async () => {
    assert.equal((await home.run(['agent', 'prompt', 'demo', 'slow', '--wait'])).code, 0);
    const { code, stderr } = await home.run(['backup', 'restore', made.id]);
    assert.equal(code, 1);
    assert.match(stderr, /\d+ entries of transcripts.*Nothing was changed: say that you want this with --yes/);
  });

  it('is brought back under an agent that runs, which goes on from there', async () => {
    await home.json(['agent', 'prompt', 'demo', 'slow']);
    const { head } = await parsed(AuditVerdict, 'audit', 'verify');
    const done = await parsed(requests['backup/restore'].result, 'backup', 'restore', made.id, '--yes');
    assert.deepEqual(done.stopped, ['demo']);
    assert.deepEqual(
      readdirSync(done.keptIn)
        .filter((name) => name.endsWith('.db'))
        .sort(),
      ['btmsg.db', 'sessions.db'],
    );
    assert.equal((await titles()).length, 1);
    const [bridge] = await events('data_restored');
    assert.deepEqual([bridge?.detail.backup, bridge?.detail.keptIn], [made.id, done.keptIn]);
    assert.equal((await home.run(['audit', 'verify'])).code, 0);
    const noted = await home.run(['audit', 'verify', '--head', `${head.seq}:${head.hash}`]);
    assert.equal(noted.code, 0, noted.stdout);
    assert.ok(noted.stdout.includes(`! Row ${head.seq} as it was kept is of before the restore of `), noted.stdout);
    assert.ok(noted.stdout.includes(` of then are in ${done.keptIn}.`), noted.stdout);
    const { code, stdout } = await home.run(['agent', 'prompt', 'demo', 'help', '--wait']);
    assert.deepEqual([code, /lists these words/.test(stdout)], [0, true]);
    assert.equal((await home.run(['health'])).code, 0);
  });

  it('is brought back where no backend can run any more', async () => {
    await home.run(['backend', 'stop']);
    writeFileSync(join(home.dataDir, 'btmsg.db'), 'no database');
    assert.notEqual((await home.run(['session', 'list'])).code, 0);
    assert.match((await home.run(['recover'])).stdout, new RegExp(`agor backup restore ${made.id} +both databases`));
    const { backups } = await parsed(z.object({ backups: z.array(Backup) }), 'backup', 'list');
    assert.deepEqual(
      backups.map(({ id }) => id),
      [made.id],
    );
    const { code, stdout, stderr } = await home.run(['backup', 'restore', made.id.slice(0, 10), '--yes']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Everything is as it was at /);
    assert.equal((await titles()).length, 1);
    assert.equal(existsSync(join(home.dataDir, 'restoring')), false);
  });
});
