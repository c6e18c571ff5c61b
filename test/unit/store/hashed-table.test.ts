import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { damagedRows } from '../../../server/store/damaged-rows.ts';
import { HashedTable } from '../../../server/store/hashed-table.ts';
import { TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let contacts: HashedTable;
beforeEach(() => {
  kept = new TestStores();
  contacts = new HashedTable(kept.stores.btmsg.db, 'contacts');
});
afterEach(() => kept.remove());

const contact = { contact: 'b', created_at: 1, party: 'a', origin: 'import' };

test('a row is put in with a hash that fits, in whatever order its values are given', () => {
  assert.equal(contacts.insert(contact), true);
  assert.deepEqual(damagedRows(kept.stores.btmsg.db, 10), []);
  assert.equal(kept.stores.btmsg.db.prepare('select party from contacts').pluck().get(), 'a');
});

test('a row whose key is taken is left as it is', () => {
  contacts.insert(contact);
  assert.equal(contacts.insert({ ...contact, origin: 'group' }), false);
  assert.equal(kept.stores.btmsg.db.prepare('select origin from contacts').pluck().get(), 'import');
});

test('a value that the table needs, or has no place for, is named', () => {
  assert.throws(() => contacts.insert({ party: 'a', contact: 'b' }), /contacts\.origin needs a value/);
  assert.throws(() => contacts.insert({ ...contact, colour: 'blue' }), /contacts has no column colour/);
});
