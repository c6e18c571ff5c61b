import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMembership, membershipFacts, roleWord } from '../../../extension/membership-wording.ts';
import { AgentRole } from '../../../server/protocol/team.ts';
import { sampleProfile } from '../../support/chat-harness/board-data.ts';
import { plainTranslate as t } from '../../support/plain-translate.ts';
import { sampleTeammate } from '../../support/protocol-samples.ts';

test('every role has a word of its own', () => {
  assert.equal(new Set(AgentRole.options.map((role) => roleWord(role, t))).size, AgentRole.options.length);
});

test('an agent without a special role and with nothing to do adds nothing', () => {
  assert.deepEqual(describeMembership({ profile: sampleProfile(2), teammate: sampleTeammate() }, t), []);
  assert.deepEqual(describeMembership({ profile: undefined, teammate: undefined }, t), []);
});

test('role, unread messages, owed replies and why it needs a person are said in this order', () => {
  const teammate = sampleTeammate({ unread: 2, owed: 1, attention: { score: 40, signal: 'context', reason: 'context almost full' } });
  assert.deepEqual(describeMembership({ profile: sampleProfile(1), teammate }, t), [
    ...['Manager', '2 unread', 'owes 1 reply', 'context almost full'],
  ]);
});

test('an agent that is stalled says so once', () => {
  const teammate = sampleTeammate({
    owed: 2,
    activity: 'stalled',
    attention: { score: 100, signal: 'stall', reason: 'stalled for 20 minutes' },
  });
  assert.deepEqual(describeMembership({ profile: undefined, teammate }, t), ['owes 2 replies', 'stalled']);
  assert.equal(new Map(membershipFacts({ profile: undefined, teammate }, 0, t)).get('Attention'), 'stalled for 20 minutes');
});

test('the tooltip leaves out what is not known', () => {
  const facts = new Map(membershipFacts({ profile: sampleProfile(1), teammate: sampleTeammate({ lastHeartbeatAt: 0 }) }, 120_000, t));
  assert.equal(facts.get('Role'), 'Manager, tier 1');
  assert.equal(facts.get('Last heard from'), '2 minutes ago');
  assert.equal(facts.has('Next wake'), false);
});
