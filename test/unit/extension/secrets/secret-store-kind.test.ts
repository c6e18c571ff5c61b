import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isWeak,
  passwordStoreOf,
  type StoreFacts,
  type StoreKind,
  storeKind,
  storeText,
} from '../../../../extension/secrets/secret-store-kind.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';

const desktop: StoreFacts = { isWeb: false, isRemote: false, platform: 'linux', passwordStore: undefined, hasSessionBus: true };

const rows: readonly [name: string, facts: StoreFacts, kind: StoreKind, weak: boolean][] = [
  ['a Linux desktop', desktop, 'system', false],
  ['one that names its keyring', { ...desktop, passwordStore: 'gnome-libsecret' }, 'system', false],
  ['one that was told to do without', { ...desktop, passwordStore: 'basic' }, 'basicText', true],
  ['the same by its older name', { ...desktop, passwordStore: 'basic_text' }, 'basicText', true],
  ['no session bus, and so no keyring', { ...desktop, hasSessionBus: false }, 'memory', false],
  ['none, and told to do without', { ...desktop, hasSessionBus: false, passwordStore: 'basic' }, 'basicText', true],
  ['macOS', { ...desktop, platform: 'darwin', hasSessionBus: false }, 'system', false],
  ['Windows', { ...desktop, platform: 'win32', hasSessionBus: false }, 'system', false],
  ['a window on a remote machine', { ...desktop, isRemote: true, hasSessionBus: false }, 'elsewhere', false],
  ['a browser', { ...desktop, isWeb: true, isRemote: true }, 'browser', true],
];

for (const [name, facts, kind, weak] of rows) {
  test(`${name}: ${kind}`, () => {
    assert.equal(storeKind(facts), kind);
    assert.equal(isWeak(storeKind(facts)), weak);
    assert.equal(/^Weak store:/.test(storeText(kind, plainTranslate)), weak);
  });
}

test('what VS Code was told to use is found on its command line or in its argv.json, comments aside', () => {
  const commented = '{\n  // "password-store": "gnome",\n  "locale": "en",\n  "password-store": "basic"\n}';
  assert.equal(passwordStoreOf({ commandLine: '', argvJson: commented }), 'basic');
  assert.equal(passwordStoreOf({ commandLine: '', argvJson: '{ // "password-store": "basic"\n}' }), undefined);
  assert.equal(passwordStoreOf({ commandLine: 'code\0--password-store=kwallet6\0.\0', argvJson: commented }), 'kwallet6');
  assert.equal(passwordStoreOf({ commandLine: 'code\0--password-store\0basic\0', argvJson: '' }), 'basic');
  assert.equal(passwordStoreOf({ commandLine: 'code\0.\0', argvJson: '' }), undefined);
});
