import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFleet, type FleetState } from '../../../extension/fleet-model.ts';
import { newApprovals } from '../../../extension/news.ts';
import { sampleApproval } from '../../support/protocol-samples.ts';

const loaded: FleetState = { ...emptyFleet, isLoaded: true };

test('a question that was not there before is news', () => {
  const [first, second] = [sampleApproval(), sampleApproval()];
  assert.deepEqual(newApprovals({ ...loaded, approvals: [first] }, { ...loaded, approvals: [first, second] }), [second]);
});

test('what the first lists bring is no news', () => {
  const after = { ...loaded, approvals: [sampleApproval()] };
  assert.deepEqual(newApprovals(emptyFleet, after), []);
});
