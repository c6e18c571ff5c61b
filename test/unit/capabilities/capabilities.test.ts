/** What a person takes from agents and gives back, over a real database. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { Capabilities } from '../../../server/capabilities/capabilities.ts';
import type { Capability } from '../../../server/protocol/capability.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import type { Role } from '../../../server/protocol/team.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { auditEvents, fillDisk, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let clock: FakeClock;
let roles: Map<AgentId, Role>;
let capabilities: Capabilities;
const [builder, lead] = [newId<AgentId>(), newId<AgentId>()];

beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  roles = new Map([[lead, 'manager']]);
  capabilities = open();
});
afterEach(() => kept.remove());

function open(): Capabilities {
  const { btmsg: file, audit } = kept.stores;
  return new Capabilities({
    ...{ file, audit, clock },
    roleOf: (id) => roles.get(id) ?? 'project',
    isInChannel: (reference) => reference === 'in a channel',
    now: () => clock.now(),
  });
}

const by = (...names: Capability[]) => ({ capabilities: names, reason: 'it floods', actor: 'cli' });
const state = (id: AgentId, name: Capability) => capabilities.list(id).capabilities.find(({ capability }) => capability === name);
const send = (id: AgentId) => capabilities.require(id, 'message/send', { to: 'lead', text: 'hello' });
const details = () =>
  kept.stores.btmsg.db
    .prepare<[], string>("select detail from audit_log where event = 'capability_refused' order by seq")
    .pluck()
    .all()
    .map((text) => JSON.parse(text));

test('an agent has what its role has, until a person takes it away', () => {
  assert.equal(state(builder, 'send-messages')?.state, 'granted');
  assert.equal(state(builder, 'manage-team')?.state, 'notInRole');
  assert.equal(state(lead, 'manage-team')?.state, 'granted');
  send(builder);
});

test('what is revoked is refused from the next call on, in a sentence that names it', () => {
  capabilities.revoke(builder, by('send-messages'));
  assert.throws(() => send(builder), {
    code: 'refused',
    message:
      'The person has revoked "send-messages" (write messages to agents and to the person) for you, so this was not done; only the person can grant it again.',
  });
  send(lead);
  capabilities.require(builder, 'task/list', {});
  const row = state(builder, 'send-messages');
  assert.deepEqual([row?.state, row?.revokedAt, row?.reason], ['revoked', clock.now(), 'it floods']);
});

test('a grant takes it back, and each change is audited once', () => {
  capabilities.revoke(builder, by('send-messages', 'send-messages'));
  capabilities.revoke(builder, by('send-messages'));
  capabilities.grant(builder, by('send-messages'));
  capabilities.grant(builder, by('send-messages'));
  send(builder);
  assert.deepEqual(auditEvents(kept.stores), ['capability_revoked', 'capability_granted']);
});

test('what its role does not have cannot be granted, and then nothing is', () => {
  capabilities.revoke(builder, by('send-messages'));
  assert.throws(() => capabilities.grant(builder, by('send-messages', 'manage-team')), {
    code: 'refused',
    message: 'The role project does not have "manage-team". Give the agent another role, then it has that.',
  });
  assert.equal(state(builder, 'send-messages')?.state, 'revoked');
});

test('what was taken before it got another role stays taken', () => {
  capabilities.revoke(builder, by('manage-team'));
  roles.set(builder, 'manager');
  assert.equal(state(builder, 'manage-team')?.state, 'revoked');
  assert.throws(() => capabilities.require(builder, 'message/register', {}), { code: 'refused' });
});

test('in channels another capability counts, for what is written and for what is answered', () => {
  capabilities.revoke(builder, by('use-channels'));
  send(builder);
  capabilities.require(builder, 'message/reply', { message: 'a letter', text: 'yes' });
  for (const [method, params] of [
    ['message/send', { to: '#team', text: 'hello' }],
    ['message/reply', { message: 'in a channel', text: 'yes' }],
    ['channel/list', {}],
  ] as const)
    assert.throws(() => capabilities.require(builder, method, params), { code: 'refused' }, method);
});

test('what an agent is lost without is never refused', () => {
  capabilities.revoke(builder, by(...capabilities.list(builder).capabilities.map(({ capability }) => capability)));
  for (const method of ['backend/ping', 'message/whoami', 'message/heartbeat'] as const) capabilities.require(builder, method, {});
});

test('refused tries are audited, and counted when there are many', () => {
  capabilities.revoke(builder, by('send-messages'));
  const attempt = () => assert.throws(() => send(builder), { code: 'refused' });
  for (let count = 0; count < 10; count += 1) attempt();
  clock.advance(60_000);
  attempt();
  const tried = { capability: 'send-messages', method: 'message/send' };
  assert.deepEqual(
    details(),
    [0, 0, 0, 7].map((refusedBefore) => ({ ...tried, refusedBefore })),
  );
});

test('the next backend refuses it too, and an agent that was removed leaves nothing', () => {
  capabilities.revoke(builder, by('send-messages'));
  kept.reopenAfterKill();
  capabilities = open();
  assert.throws(() => send(builder), { code: 'refused' });
  capabilities.forget(builder);
  assert.equal(kept.stores.btmsg.db.prepare('select count(*) from capability_revocations').pluck().get(), 0);
});

test('on a full disk nothing is told as revoked that is not', () => {
  const told: AgentId[] = [];
  capabilities.changed.on((id) => void told.push(id));
  const makeRoom = fillDisk(kept.stores.btmsg.db);
  assert.throws(() => capabilities.revoke(builder, { ...by('send-messages'), reason: 'x'.repeat(200_000) }), { code: 'storage' });
  assert.deepEqual([told, state(builder, 'send-messages')?.state], [[], 'granted']);
  makeRoom();
  capabilities.revoke(builder, by('send-messages'));
  assert.deepEqual(told, [builder]);
});
