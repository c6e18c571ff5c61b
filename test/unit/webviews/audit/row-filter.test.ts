import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertEvents } from '../../../../server/protocol/audit-groups.ts';
import { isFiltering, noFilter, periodOf, requestOf } from '../../../../webviews/audit/row-filter.ts';
import { nothingSaved, readSavedState } from '../../../../webviews/audit/saved-state.ts';

test('without a filter nothing is asked for but the newest', () => {
  assert.deepEqual(requestOf(noFilter, 0), {});
  assert.equal(isFiltering({ ...noFilter, heartbeats: true }), false);
});

test('an event, a group and the alerts are asked for by their events', () => {
  assert.deepEqual(requestOf({ ...noFilter, event: 'turn_ended' }, 0), { events: ['turn_ended'] });
  assert.deepEqual(requestOf({ ...noFilter, event: 'group:alerts' }, 0), { events: [...alertEvents] });
  const agents = (heartbeats: boolean) => requestOf({ ...noFilter, event: 'group:agents', heartbeats }, 0).events ?? [];
  assert.deepEqual([agents(false).includes('heartbeat'), agents(true).includes('heartbeat')], [false, true]);
  assert.deepEqual(requestOf({ ...noFilter, event: 'group:gone' }, 0), { events: ['group:gone'] });
});

test('agent, text and heartbeats go along', () => {
  const asked = requestOf({ ...noFilter, agentId: 'x', text: ' npm ', heartbeats: true }, 0);
  assert.deepEqual(asked, { agent: 'x', text: 'npm', heartbeats: true });
});

test('a span goes back from now, and one with ends takes them, as far as they are times', () => {
  assert.deepEqual(periodOf({ ...noFilter, span: 'hour' }, 3_600_500), { from: 500 });
  const between = { ...noFilter, span: 'between', from: '2026-05-01T10:00:00', to: '2026-05-01T10:00:01' } as const;
  const from = new Date(2026, 4, 1, 10).getTime();
  assert.deepEqual(periodOf(between, 0), { from, to: from + 1_999 });
  assert.deepEqual(periodOf({ ...between, from: '', to: 'soon' }, 0), {});
});

test('what was kept by an older build is taken as far as it fits', () => {
  assert.deepEqual(readSavedState(undefined), nothingSaved);
  assert.deepEqual(readSavedState({ filter: { span: 'year', event: 7, heartbeats: 'yes' }, openSeq: 'x' }), nothingSaved);
  const state = { filter: { ...noFilter, span: 'day', event: 'group:alerts', agentId: 'a' }, openSeq: 4, aroundSeq: null };
  assert.deepEqual(readSavedState(JSON.parse(JSON.stringify(state))), state);
});
