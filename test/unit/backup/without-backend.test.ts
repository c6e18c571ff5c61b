import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readUpgrade, writeUpgrade } from '../../../server/base/upgrade-files.ts';
import { restoreBackup } from '../../../server/launch/recover.ts';
import { BackupWorld } from '../../support/backup-world.ts';
import { sampleUpgrade } from '../../support/upgrade-samples.ts';

test('what a person has brought back is not exchanged again by a change of build that broke off', async () => {
  const world = new BackupWorld();
  try {
    const { dataDir } = world.own.paths;
    const made = await world.create();
    world.own.stores.close();
    writeUpgrade(world.own.paths, sampleUpgrade({ step: 'migrate', backups: { sessions: 'a', btmsg: 'b' } }));
    restoreBackup(fileURLToPath(new URL('../../../server/', import.meta.url)), dataDir, made.id);
    assert.equal(readUpgrade(world.own.paths)?.state, 'wentBack');
  } finally {
    await world.close();
  }
});
