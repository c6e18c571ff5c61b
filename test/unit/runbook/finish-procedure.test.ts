import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { AuditRecord } from '../../../server/protocol/audit.ts';
import { finishProcedure, type ProceduresDeps } from '../../../server/runbook/finish-procedure.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

const build = { version: '1', gitSha: 'a', buildTime: 0, nodeVersion: 'v24' };
let kept: TestStores;
beforeEach(() => {
  kept = new TestStores();
});
afterEach(() => kept.remove());

function deps(changed: Partial<ProceduresDeps> = {}): ProceduresDeps {
  const { btmsg: file, audit } = kept.stores;
  return { file, audit, reportsDir: kept.paths.reports, build, alerts: () => [], now: () => 10_000, ...changed };
}

function detail(): Record<string, unknown> {
  return JSON.parse(
    kept.stores.btmsg.db.prepare<[], string>('select detail from audit_log order by seq desc limit 1').pluck().get() ?? '{}',
  );
}

test('the report says which steps were done and when; the log names it, with its hash', () => {
  const steps = [
    { step: 1, doneAt: 2_000 },
    { step: 2, doneAt: null },
  ];
  const { report, done, of } = finishProcedure(deps(), { procedure: 'daily', startedAt: 1_000, steps, note: 'a\nb' }, 'cli');
  const text = readFileSync(report, 'utf8');
  assert.deepEqual([done, of], [1, 7]);
  assert.match(text, /- \[x\] 1\. .*1970-01-01T00:00:02.000Z/);
  assert.match(text, /- \[ \] 2\. /);
  assert.match(text, /> a\n> b/);
  assert.equal(detail().sha256, createHash('sha256').update(text).digest('hex'));
  assert.deepEqual([detail().report, detail().note, detail().done], [report, 'a\nb', 1]);
  assert.deepEqual(auditEvents(kept.stores), ['procedure_finished']);
});

test('alerts of that time are in it as code, so that what an agent wrote is neither link nor picture', () => {
  const hostile = { text: '![x](http://a) \n[b](command:c)' };
  const row: AuditRecord = { seq: 4, at: 5, event: 'hook_failed', agentId: null, actor: 'agent', detail: hostile, prevHash: '', hash: '' };
  let asked: number[] = [];
  const alerts = (...times: number[]) => {
    asked = times;
    return [row];
  };
  const { report } = finishProcedure(deps({ alerts }), { procedure: 'incident', startedAt: 3, steps: [] }, 'extension');
  assert.match(readFileSync(report, 'utf8'), /row 4: hook_failed\n\n {6}\{"text":"!\[x\]/);
  assert.deepEqual(asked, [3, 10_000]);
});

test('two that end at the same time have a report each', () => {
  for (const _ of [1, 2]) finishProcedure(deps(), { procedure: 'disk', startedAt: 1, steps: [] }, 'cli');
  assert.equal(readdirSync(kept.paths.reports).length, 2);
});

test('a step that is not there and a beginning in the future are refused, and nothing is kept', () => {
  const refused = { code: 'badRequest' };
  assert.throws(() => finishProcedure(deps(), { procedure: 'daily', startedAt: 1, steps: [{ step: 8, doneAt: 1 }] }, 'cli'), refused);
  assert.throws(() => finishProcedure(deps(), { procedure: 'daily', startedAt: 10_001, steps: [] }, 'cli'), refused);
  assert.deepEqual(auditEvents(kept.stores), []);
});

test('when the report cannot be written, no row says that there is one', () => {
  rmSync(kept.paths.reports, { recursive: true, force: true });
  mkdirSync(kept.dir, { recursive: true });
  writeFileSync(join(kept.dir, 'reports'), 'in the way');
  assert.throws(() => finishProcedure(deps(), { procedure: 'daily', startedAt: 1, steps: [] }, 'cli'), { code: 'storage' });
  assert.deepEqual(auditEvents(kept.stores), []);
});
