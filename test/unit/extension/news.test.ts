import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFleet, type FleetState } from '../../../extension/fleet-model.ts';
import { newApprovals, newlyFailedAgents } from '../../../extension/news.ts';
import { sampleAgent, sampleApproval } from '../../support/protocol-samples.ts';

const loaded: FleetState = { ...emptyFleet, isLoaded: true };

test('a question that was not there before is news', () => {
  const [first, second] = [sampleApproval(), sampleApproval()];
  assert.deepEqual(newApprovals({ ...loaded, approvals: [first] }, { ...loaded, approvals: [first, second] }), [second]);
});

test('what the first lists bring is no news', () => {
  const after = { ...loaded, approvals: [sampleApproval()], agents: [sampleAgent({ state: 'failed' })] };
  assert.deepEqual([newApprovals(emptyFleet, after), newlyFailedAgents(emptyFleet, after)], [[], []]);
});

test('an agent that becomes failed is news once', () => {
  const agent = sampleAgent({ state: 'starting' });
  const failed = { ...agent, state: 'failed' as const };
  const [before, after] = [
    { ...loaded, agents: [agent] },
    { ...loaded, agents: [failed] },
  ];
  assert.deepEqual(newlyFailedAgents(before, after), [failed]);
  assert.deepEqual(newlyFailedAgents(after, { ...after, agents: [{ ...failed }] }), []);
});

test('an agent that is first seen failed is no news', () => {
  assert.deepEqual(newlyFailedAgents(loaded, { ...loaded, agents: [sampleAgent({ state: 'failed' })] }), []);
});
