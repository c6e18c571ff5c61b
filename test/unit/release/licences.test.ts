import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowed, licenceProblems, notices } from '../../../scripts/release/licences.ts';

const one = { name: 'one', version: '1.0.0', licence: 'MIT', licenceText: 'Copyright One' };

test('of alternatives one must be allowed, of what holds together all', () => {
  for (const expression of ['MIT', '(MPL-2.0 OR Apache-2.0)', 'MIT AND ISC', 'GPL-3.0-only OR MIT'])
    assert.ok(isAllowed(expression), expression);
  for (const expression of ['GPL-3.0-only', 'MIT AND GPL-2.0-only', '', 'UNLICENSED', '(MIT OR (GPL-2.0-only AND ISC))'])
    assert.ok(!isAllowed(expression), expression);
});

test('a licence that is not allowed is named with its package', () => {
  assert.deepEqual(licenceProblems([one]), []);
  assert.match(licenceProblems([{ ...one, licence: 'AGPL-3.0-only' }]).join(), /^one 1\.0\.0 is under "AGPL-3\.0-only"/);
});

test('the licence of pictures is allowed for pictures alone', () => {
  assert.deepEqual(licenceProblems([{ ...one, name: '@vscode/codicons', licence: 'CC-BY-4.0' }]), []);
  assert.equal(licenceProblems([{ ...one, licence: 'CC-BY-4.0' }]).length, 1);
});

test('a package without a text to pass on is refused, unless its holder is known', () => {
  assert.match(licenceProblems([{ ...one, licenceText: '' }]).join(), /no licence text/);
  assert.deepEqual(licenceProblems([{ ...one, name: '@microsoft/fast-element', licenceText: '' }]), []);
});

test('equal texts stand once, below everybody they are for, and SQLite is named', () => {
  const text = notices([one, { ...one, name: 'two' }, { ...one, name: 'three', licenceText: 'Copyright Three' }]);
  assert.equal(text.split('Copyright One').length, 2);
  assert.match(text, /one 1\.0\.0 \(MIT\)\ntwo 1\.0\.0 \(MIT\)\n\nCopyright One/);
  assert.match(text, /Copyright Three/);
  assert.match(text, /SQLite/);
});
