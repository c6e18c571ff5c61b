import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupRow, lossText } from '../../../../extension/upkeep/backup-rows.ts';
import type { Backup } from '../../../../server/protocol/backup.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';

const madeAt = Date.UTC(2026, 4, 1, 3);
const backup: Backup = {
  ...{
    format: 1,
    id: '2026-05-01T03-00-00-000Z-nightly',
    reason: 'nightly',
    madeAt,
    dataDir: '/data',
    build: { version: '1', gitSha: 'a' },
  },
  databases: {
    sessions: { schema: 7, commits: 3, rows: { sessions: 4, items: 50 } },
    btmsg: { schema: 8, commits: 9, rows: { messages: 6 } },
  },
  ...{ audit: { seq: 9, hash: 'h' }, files: [], flaws: [], tookMs: 1, path: '/data/backups/x', bytes: 3 * 1024 * 1024 },
};
const nothing = { commits: 0, auditRows: 0, sessions: 0, items: 0, messages: 0, tasks: 0, agents: 0 };

test('a backup shows its age, size, why it was made, and what it holds', () => {
  const row = backupRow(backup, madeAt + 2 * 3_600_000, plainTranslate);
  assert.match(row.label, /^\$\(archive\) .*2026/);
  assert.match(row.description, /2.*h.* · 3\.0 MiB · made at night/);
  assert.equal(row.detail, '4 sessions, 50 entries, 6 messages, 0 tasks');
});

test('one with flaws says so, and draws nothing that was written there', () => {
  const row = backupRow({ ...backup, flaws: ['Rows of $(bug) are others.'] }, madeAt, plainTranslate);
  assert.match(row.label, /^\$\(warning\)/);
  assert.match(row.detail, /Rows of \\\$\(bug\) are others/);
});

test('what would be lost is said before it is', () => {
  const text = lossText({ ...nothing, commits: 9, items: 5, messages: 2 }, ['builder'], plainTranslate);
  assert.match(
    text,
    /What came since goes \(entries of transcripts: 5, messages: 2\); a copy stays in the quarantine\.\nThese agents are stopped: builder\./,
  );
  assert.match(lossText(nothing, [], plainTranslate), /^Nothing was written since\.\nNo agent runs\./);
  assert.match(lossText({ ...nothing, commits: 3 }, [], plainTranslate), /^Nothing was added since; 3 changes/);
});
