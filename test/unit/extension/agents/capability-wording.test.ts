import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capabilityChanges, capabilityWords, revokedText } from '../../../../extension/agents/capability-wording.ts';
import { Capability, type HeldCapability } from '../../../../server/protocol/capability.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const held = (capability: Capability, state: HeldCapability['state'], reason = ''): HeldCapability => ({
  capability,
  state,
  revokedAt: state === 'revoked' ? 1 : null,
  reason,
});

test('every capability has words of its own', () => {
  const labels = Capability.options.map((capability) => capabilityWords(capability, t).label);
  assert.equal(new Set(labels).size, Capability.options.length);
});

test('only what was marked otherwise than it is changes', () => {
  const all = [held('send-messages', 'granted'), held('add-tasks', 'granted'), held('read-mail', 'revoked'), held('see-team', 'revoked')];
  assert.deepEqual(capabilityChanges(all, new Set(['send-messages', 'read-mail'])), { revoke: ['add-tasks'], grant: ['read-mail'] });
});

test('what is revoked says since when, and why where that was said', () => {
  const text = (one: HeldCapability) => revokedText(one, t, () => 'an hour ago');
  assert.equal(text(held('read-mail', 'granted')), '');
  assert.equal(text(held('read-mail', 'revoked')), 'revoked an hour ago');
  assert.equal(text(held('read-mail', 'revoked', 'floods')), 'revoked an hour ago: floods');
});
