import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { AuditLog } from '../../../server/audit/audit-log.ts';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { readDeployed, readUpgrade, refusalOf } from '../../../server/base/upgrade-files.ts';
import { goBack } from '../../../server/handover/go-back.ts';
import { settlement } from '../../../server/handover/settlement.ts';
import { Trial } from '../../../server/handover/trial.ts';
import { buildId } from '../../../server/protocol/health.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { foundSchema } from '../../../server/store/checked-copy.ts';
import { preflight } from '../../../server/store/preflight.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { sessionsMigrations } from '../../../server/store/sessions-schema.ts';
import { recordPlaces } from '../../../server/stores.ts';
import { ViewStates } from '../../../server/views/view-states.ts';
import { sampleDeployed, someBuild } from '../../support/upgrade-samples.ts';

let root: string;
let paths: DataPaths;
const older = someBuild('older', 1);
const newer = someBuild('newer', 2);
const now = () => 1_000;
const further = {
  version: sessionsMigrations.length + 1,
  name: 'further',
  up: (db: { exec(sql: string): unknown }) => void db.exec('create table further (x)'),
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-go-back-'));
  paths = dataPaths(join(root, 'data'));
  mkdirSync(paths.run, { recursive: true });
  write('before');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** As a backend that knows `migrations` does it; ends without a word. */
function write(key: string, migrations = sessionsMigrations): void {
  const sessions = RecordFile.open(paths.sessionsDb, { migrations });
  const views = new ViewStates({ db: sessions.db, write: (work) => sessions.write(work), now });
  views.put({ view: 'v', key, state: 's' });
  sessions.saveMark();
  sessions.close();
  const btmsg = RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations });
  const audit = new AuditLog(btmsg.db);
  btmsg.write(() => audit.append({ at: 1, event: 'settings_changed', agentId: null, actor: 'cli', detail: { key } }));
  btmsg.saveMark();
  btmsg.close();
}

function kept(): { readonly keys: string[]; readonly events: string[] } {
  const sessions = RecordFile.open(paths.sessionsDb, { migrations: sessionsMigrations });
  const btmsg = RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations });
  try {
    assert.equal(new AuditLog(btmsg.db).firstBreak(0), undefined);
    return {
      keys: sessions.db.prepare<[], string>('select key from view_states order by key').pluck().all(),
      events: btmsg.db.prepare<[], string>('select event from audit_log order by seq').pluck().all(),
    };
  } finally {
    sessions.close();
    btmsg.close();
  }
}

function places() {
  const known = recordPlaces(paths);
  return { ...known, sessions: { ...known.sessions, migrations: [...sessionsMigrations, further] } };
}

function begun(): Trial {
  const trial = new Trial({ paths, places: places(), own: sampleDeployed(newer), before: sampleDeployed(older), now });
  trial.begin();
  return trial;
}

function back(): void {
  const upgrade = readUpgrade(paths);
  const due = settlement(upgrade, now());
  assert.ok(upgrade && due.kind === 'goBack');
  goBack({ paths, places: places(), now, log: () => {} }, upgrade, due.reason);
}

test('a build that changed the databases and died gives them back as they were, and says so in the log', () => {
  const trial = begun();
  assert.ok(trial.isMigrating);
  write('unacknowledged', [...sessionsMigrations, further]);
  writeFileSync(paths.searchDb, 'an index of what was there');
  back();
  assert.equal(foundSchema(paths.sessionsDb), sessionsMigrations.length);
  for (const path of [paths.sessionsDb, paths.btmsgDb]) preflight(path, { quarantineDir: paths.quarantine, now: () => new Date(1) });
  assert.deepEqual(kept(), { keys: ['before'], events: ['settings_changed', 'upgrade_rolled_back'] });
  assert.equal(existsSync(paths.searchDb), false);
  assert.equal(readdirSync(paths.quarantine).length, 2, 'what it had made of them is kept');
  assert.deepEqual([readUpgrade(paths)?.state, readDeployed(paths)?.sha], ['wentBack', 'older']);
  assert.match(refusalOf(paths, buildId(newer))?.reason ?? '', /ended while it was on its way up/);
});

test('one that died before it changed anything takes nothing away that was written since', () => {
  begun();
  write('by the build before, which knows of no trial');
  back();
  assert.deepEqual(kept().keys, ['before', 'by the build before, which knows of no trial']);
});

test('a way back that was cut short anywhere is gone once more, to the same end', () => {
  begun();
  write('unacknowledged', [...sessionsMigrations, further]);
  const upgrade = readUpgrade(paths);
  assert.ok(upgrade);
  const broken = { ...places(), sessions: { ...places().sessions, backupDir: join(root, 'gone') } };
  assert.throws(() => goBack({ paths, places: broken, now, log: () => {} }, upgrade, 'it hung'));
  assert.equal(readUpgrade(paths)?.state, 'goingBack');
  rmSync(paths.sessionsDb);
  back();
  assert.deepEqual(kept(), { keys: ['before'], events: ['settings_changed', 'upgrade_rolled_back'] });
  assert.equal(readUpgrade(paths)?.reason, 'it hung');
});

test('one that proved itself keeps what it made, and the marker names it', () => {
  const trial = begun();
  write('later', [...sessionsMigrations, further]);
  trial.opened();
  trial.finish();
  assert.deepEqual(settlement(readUpgrade(paths), now()), { kind: 'nothing' });
  assert.deepEqual([readDeployed(paths)?.sha, readDeployed(paths)?.deployedAt], ['newer', new Date(1_000).toISOString()]);
});

test('what a newer build wrote is no trial: it is refused when it is opened', () => {
  write('newer', [...sessionsMigrations, further]);
  const trial = new Trial({ paths, places: recordPlaces(paths), own: sampleDeployed(newer), before: sampleDeployed(older), now });
  trial.begin();
  assert.equal(readUpgrade(paths), undefined);
  assert.throws(() => write('older'), {
    code: 'storage',
    message: /its schema is \d+, this version knows \d+\)\. Use the newer version: "agor upgrade status" names it/,
  });
});

test('no backup, no trial: a folder that takes none leaves everything as it was', () => {
  writeFileSync(paths.backups, 'a file where the backups should be');
  assert.throws(begun);
  assert.deepEqual(kept().keys, ['before']);
});
