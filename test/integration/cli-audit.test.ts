/** The audit log and the import from the command line, as a person meets them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import * as z from 'zod/mini';
import { AuditRecord, AuditVerdict, SavedAudit } from '../../server/protocol/audit.ts';
import { ImportReport } from '../../server/protocol/import.ts';
import { fillOriginal, OriginalSystem } from '../support/original-database.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const Listed = z.object({ records: z.array(AuditRecord) });

let home: AgorHome;
let earlier: string;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'builder', '--provider', 'demo']);
  earlier = join(home.dataDir, '..', 'earlier');
  mkdirSync(earlier);
  const system = new OriginalSystem(join(earlier, 'btmsg.db'));
  fillOriginal(system, home.project);
  system.close();
});
after(() => home.close());

describe('an import', () => {
  it('says what came over, and the second time that nothing is new', async () => {
    const first = await home.run(['import', '../earlier']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /btmsg\.db was imported\.\nTABLE +FOUND +IMPORTED +KNOWN +LEFT\n/);
    assert.match(first.stdout, /^messages +3 +3 +0 +0$/m);
    assert.match((await home.run(['import', '../earlier'])).stdout, /has nothing that is not here already\.[\s\S]*^messages +3 +0 +3 +0$/m);
    const { tables } = ImportReport.parse(await home.json(['import', '../earlier/btmsg.db']));
    assert.ok(tables.every(({ imported }) => imported === 0));
  });

  it('of what is no such database is refused in a sentence', async () => {
    for (const [path, said] of [
      ['../nowhere', /There is no \/.*nowhere\. Name the btmsg\.db to import/],
      ['../data/sessions.db', /is a database of this program/],
    ] as const) {
      const { code, stderr } = await home.run(['import', path]);
      assert.equal(code, 1);
      assert.match(stderr, said);
    }
  });
});

describe('the audit log', () => {
  it('is listed newest first, narrowed by event, agent, time and text', async () => {
    const { stdout } = await home.run(['audit', 'list']);
    assert.match(stdout, /^ROW +TIME +EVENT +AGENT +BY +DETAIL\n\d+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +import_finished +cli +\{/);
    assert.match(stdout, /^\d+ .* agent_registered +builder +cli /m);
    const events = async (...args: string[]) => {
      const { records } = z.parse(Listed, await home.json(['audit', 'list', ...args]));
      return records.map(({ event }) => event);
    };
    assert.deepEqual(await events('--event', 'project_added', 'import_finished'), ['import_finished', 'project_added']);
    assert.deepEqual(await events('--agent', 'builder'), ['agent_registered']);
    assert.deepEqual(await events('--text', 'PROJECT', '--limit', '1', '--since', '1h'), ['agent_registered']);
    assert.deepEqual(await events('--until', '2020-01-01'), []);
  });

  it('is exported whole, with a manifest that fits it, and never over a file', async () => {
    const path = join(home.project, 'audit.jsonl');
    await home.json(['audit', 'export', '--out', 'audit.jsonl']);
    const text = readFileSync(path, 'utf8');
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => AuditRecord.parse(JSON.parse(line)));
    const manifest = JSON.parse(readFileSync(`${path}.manifest.json`, 'utf8'));
    assert.equal(manifest.sha256, createHash('sha256').update(text).digest('hex'));
    assert.deepEqual(
      [manifest.rows, manifest.first.seq, manifest.last],
      [records.length, 1, { seq: records.at(-1)?.seq, hash: records.at(-1)?.hash }],
    );
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(records.at(-1)?.event, 'audit_exported');
    const again = await home.run(['audit', 'export', '--out', 'audit.jsonl']);
    assert.deepEqual([again.code, /is there already/.test(again.stderr), readFileSync(path, 'utf8') === text], [1, true, true]);
    const printed = await home.run(['audit', 'export']);
    assert.ok(printed.stdout.startsWith(text));
  });

  it('is saved as a folder whose manifest fits its files, and no longer when one is altered', async () => {
    mkdirSync(join(home.project, 'incident'));
    const { path, manifest } = z.parse(
      SavedAudit,
      await home.json(['audit', 'export', '--dir', 'incident', '--from', '1h', '--to', '2100-01-01']),
    );
    assert.equal(dirname(path), join(home.project, 'incident'));
    assert.deepEqual(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')), manifest);
    const altered = () =>
      manifest.files.filter(({ name, bytes, sha256 }) => {
        const content = readFileSync(join(path, name));
        return content.length !== bytes || createHash('sha256').update(content).digest('hex') !== sha256;
      });
    assert.deepEqual(altered(), []);
    assert.equal(spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: path }).status, 0);
    assert.deepEqual(manifest.last, manifest.head);
    const csv = readFileSync(join(path, 'audit.csv'), 'utf8');
    writeFileSync(join(path, 'audit.csv'), csv.replace('project_added', 'project_addet'));
    assert.deepEqual(
      altered().map(({ name }) => name),
      ['audit.csv'],
    );
    assert.equal(spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: path }).status, 1);
    const nowhere = await home.run(['audit', 'export', '--dir', 'nowhere']);
    assert.deepEqual([nowhere.code, /There is no folder .*nowhere/.test(nowhere.stderr)], [1, true]);
  });

  it('is whole until somebody with the file in hand changes it, which is found, located and told', async () => {
    const whole = await home.run(['audit', 'verify']);
    const [, head = ''] = /--head (\d+:[0-9a-f]{64})$/m.exec(whole.stdout) ?? [];
    assert.equal(whole.code, 0);
    assert.equal((await home.run(['audit', 'verify', '--head', head])).code, 0);
    await home.run(['backend', 'stop']);
    const db = new Database(join(home.dataDir, 'btmsg.db'));
    db.exec("drop trigger audit_is_append_only_update; update audit_log set actor = 'nobody' where seq = 2");
    db.close();
    const { code, stdout } = await home.run(['audit', 'verify']);
    assert.equal(code, 1);
    assert.match(stdout, /Row 2 is not what was written\./);
    const { stdout: json } = await home.run(['audit', 'verify', '--json']);
    assert.deepEqual(
      AuditVerdict.parse(JSON.parse(json)).breaks.map(({ seq, kind }) => [seq, kind]),
      [[2, 'changed']],
    );
  });

  it('takes no head that is none', async () => {
    const { code, stderr } = await home.run(['audit', 'verify', '--head', '12']);
    assert.equal(code, 2);
    assert.match(stderr, /Give a head as "agor audit verify" prints it/);
  });
});
