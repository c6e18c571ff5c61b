import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMembership, membershipFacts, roleWord } from '../../../../extension/fleet/membership-wording.ts';
import { AgentRole } from '../../../../server/protocol/team.ts';
import { sampleProfile } from '../../../support/chat-harness/board-data.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleTeammate } from '../../../support/protocol-samples.ts';

test('every role has a word of its own', () => {
  assert.equal(new Set(AgentRole.options.map((role) => roleWord(role, t))).size, AgentRole.options.length);
});

test('an agent without a special role and with nothing to do adds nothing', () => {
  assert.deepEqual(describeMembership({ profile: sampleProfile(2), teammate: sampleTeammate() }, t), []);
  assert.deepEqual(describeMembership({ profile: undefined, teammate: undefined }, t), []);
});

test('role, unread messages and owed replies are said in this order', () => {
  const teammate = sampleTeammate({ unread: 2, owed: 1 });
  assert.deepEqual(describeMembership({ profile: sampleProfile(1), teammate }, t), ['Manager', '2 unread', 'owes 1 reply']);
});

test('how full its context is, what it costs and since when it has nothing to do is in the tooltip', () => {
  const vitals = { idleSince: 0, openTools: 0, contextPressure: 0.42, burnUsdPerHour: 1.5, fileConflicts: 0, reviewTasks: 0 };
  const facts = new Map(membershipFacts({ profile: undefined, teammate: sampleTeammate({ vitals }) }, 180_000, t));
  assert.deepEqual(
    ['Context', 'Cost per hour', 'Idle since'].map((name) => facts.get(name)),
    ['42 % full', '$1.50', '3 minutes ago'],
  );
});

test('the tooltip leaves out what is not known', () => {
  const facts = new Map(membershipFacts({ profile: sampleProfile(1), teammate: sampleTeammate({ lastHeartbeatAt: 0 }) }, 120_000, t));
  assert.equal(facts.get('Role'), 'Manager, tier 1');
  assert.equal(facts.get('Last heard from'), '2 minutes ago');
  assert.equal(facts.has('Next wake'), false);
});
