import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachableBackups } from '../../../server/wiring/reachable-backups.ts';

const given = ['/home/me/site', '/home/me/site.worktrees', '/srv/shared'];

test('backups in a folder that agents were given are told of, with the folder and the way on', () => {
  assert.equal(
    reachableBackups('/home/me/site/backups', given),
    'Backups go to /home/me/site/backups, where agents can read and perhaps change them, because it lies in /home/me/site. Choose another folder (backup.folder).',
  );
  assert.match(reachableBackups('/srv/shared', given) ?? '', /lies in \/srv\/shared\./);
});

test('a folder beside them, or above them, is not in them', () => {
  for (const folder of ['/home/me/site-backups', '/home/me', '/srv/..shared']) assert.equal(reachableBackups(folder, given), undefined);
});
