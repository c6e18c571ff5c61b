import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { buildEpoch } from '../../../scripts/release/build-moment.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agor-moment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function commit(epoch: number): void {
  const person = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };
  const env = { ...process.env, ...person, GIT_AUTHOR_DATE: `${epoch} +0000`, GIT_COMMITTER_DATE: `${epoch} +0000` };
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'first'],
  ])
    execFileSync('git', args, { cwd: folder, env });
}

test('what is told from outside counts, and must be whole seconds', () => {
  assert.equal(buildEpoch(folder, { SOURCE_DATE_EPOCH: '1700000000' }), 1_700_000_000);
  assert.throws(() => buildEpoch(folder, { SOURCE_DATE_EPOCH: 'yesterday' }), /whole seconds since 1970/);
});

test('a commit and nothing beside it has the time of the commit', () => {
  writeFileSync(join(folder, 'a'), '1');
  commit(1_600_000_000);
  assert.equal(buildEpoch(folder, {}), 1_600_000_000);
  writeFileSync(join(folder, 'a'), '2');
  assert.equal(buildEpoch(folder, {}), null);
});

test('a folder without a history has no time of its own', () => {
  assert.equal(buildEpoch(folder, {}), null);
});
