import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap } from '../../../server/sandbox/gaps.ts';
import { remedyFor } from '../../../server/sandbox/remedy.ts';

const signals: Gap[] = [{ name: 'signals' }];
const whole = { hasBubblewrap: true, failure: null, landlockAbi: 7 };

function settings(set: Record<string, string>) {
  return (name: string) => set[name] ?? null;
}

for (const [name, gaps, found, set, expected] of [
  ['bubblewrap is not installed', signals, { ...whole, hasBubblewrap: false }, {}, /Install bubblewrap/],
  ['there may be no user namespaces', signals, failed(), { 'user/max_user_namespaces': '0' }, /user\.max_user_namespaces=.*It said: no/],
  ['Debian forbids them', signals, failed(), { 'kernel/unprivileged_userns_clone': '0' }, /unprivileged_userns_clone=1/],
  ['Ubuntu restricts them', signals, failed(), { 'kernel/apparmor_restrict_unprivileged_userns': '1' }, /AppArmor/],
  ['something else is in the way', signals, failed(), {}, /container/],
  ['Landlock is off', [{ name: 'oneLayer' }], { ...whole, landlockAbi: 0 }, {}, /lsm=/],
  ['Landlock is old', signals, { ...whole, landlockAbi: 5 }, {}, /Linux 6\.12/],
  ['Landlock is too old for ports', [{ name: 'anyPort' }], { ...whole, landlockAbi: 3 }, {}, /Linux 6\.12/],
  ['a guarded place is a link', [{ name: 'replaceableLinks' }], whole, {}, /symbolic link/],
] as const) {
  test(`when ${name}, it is said what to do`, () => assert.match(remedyFor(gaps, found, settings(set)) ?? '', expected));
}

test('a network that is known to be open needs no remedy', () => {
  assert.equal(remedyFor([{ name: 'anyHost' }, { name: 'datagrams' }], whole, settings({})), null);
});

function failed() {
  return { hasBubblewrap: false, failure: 'no', landlockAbi: 7 };
}
