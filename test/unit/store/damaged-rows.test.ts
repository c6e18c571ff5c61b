import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Settings } from '../../../server/settings/settings.ts';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
beforeEach(() => {
  kept = new TestStores();
  const { sessions } = kept.stores;
  const settings = new Settings({ db: sessions.db, write: (work) => sessions.write(work), audit: () => {}, now: () => 1 });
  settings.put({ 'turns.max': 3, 'agent.memoryMb': 500, 'sandbox.mode': 'off' }, 'cli');
});
afterEach(() => kept.remove());

test('rows as they were written fit their hashes', () => {
  assert.deepEqual(damagedRows(kept.stores.sessions.db, 10), []);
});

test('a value that was changed behind our back is found, by table and row, and told at the next start', () => {
  kept.stores.sessions.db.exec(`update settings set value = '4' where name = 'turns.max'`);
  assert.deepEqual(damagedRows(kept.stores.sessions.db, 10), [{ table: 'settings', rowid: 1 }]);
  assert.match(kept.reopen().problems()[0] ?? '', /sessions\.db has rows that were changed on the disk: settings \(row 1\)/);
});

test('only the newest rows of a table are looked at', () => {
  kept.stores.sessions.db.exec(`update settings set value = '4' where rowid in (1, 3)`);
  assert.deepEqual(damagedRows(kept.stores.sessions.db, 1), [{ table: 'settings', rowid: 3 }]);
});
