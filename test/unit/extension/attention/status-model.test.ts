import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needEntries } from '../../../../extension/attention/needs.ts';
import { describeStatus } from '../../../../extension/attention/status-model.ts';
import type { Connection } from '../../../../extension/backend/connection.ts';
import { emptyFleet, type FleetState } from '../../../../extension/fleet/fleet-model.ts';
import { emptyTeamwork } from '../../../../extension/fleet/teamwork-model.ts';
import type { Teammate } from '../../../../server/protocol/team.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleApproval, sampleHealth, sampleTeammate } from '../../../support/protocol-samples.ts';

function status(phase: Connection['phase'], fleet: Partial<FleetState> = {}, teammates: readonly Teammate[] = []) {
  const known = { fleet: { ...emptyFleet, isLoaded: true, ...fleet }, teamwork: { ...emptyTeamwork, teammates } };
  return describeStatus({ ...known, connection: { phase, detail: '' }, entries: needEntries(known, t) }, t);
}

const idle = sampleAgent();
const working = ['ann', 'bob', 'cleo'].map((name) => sampleAgent({ name, state: 'running' }));
const asking = sampleAgent({ name: 'dan', state: 'waitingForApproval' });
const silent = sampleAgent({ name: 'eve', state: 'running' });
const stalled = sampleTeammate({ agentId: silent.id, activity: 'stalled', attention: { score: 100, signal: 'stall', reason: 'Stalled.' } });
const approvals = [sampleApproval({ agentId: asking.id })];

const cases: [string, ReturnType<typeof status>, string, string][] = [
  ['nothing asked for it', status('off'), 'Agor: Backend not running', 'normal'],
  ['it is looked for', status('connecting'), 'Agor: Connecting', 'normal'],
  ['the lists are read', status('connected', { isLoaded: false }), 'Agor: Connecting', 'normal'],
  ['it is away', status('away', { agents: working }), 'Agor: Away', 'warning'],
  ['it failed', status('failed'), 'Agor: Backend not running', 'error'],
  ['there is nobody', status('connected'), 'Agor: No agents', 'normal'],
  ['nobody has anything to do', status('connected', { agents: [idle] }), 'Agor: All quiet', 'normal'],
  ['agents work', status('connected', { agents: [idle, ...working] }), 'Agor: 3 working', 'normal'],
  ['one asks', status('connected', { agents: [asking], approvals }), 'Agor: 1 needs you', 'warning'],
  [
    'one asks and one is stalled',
    status('connected', { agents: [...working, asking, silent], approvals }, [stalled]),
    'Agor: 3 working, 1 needs you, 1 stalled',
    'warning',
  ],
  [
    'the backend has a problem',
    status('connected', { agents: [idle], health: sampleHealth({ problems: ['Full.'] }) }),
    'Agor: 1 needs you',
    'warning',
  ],
];
for (const [name, { text, severity }, expected, loudness] of cases) {
  test(`the status bar when ${name}: ${expected}`, () => assert.deepEqual([text, severity], [expected, loudness]));
}

test('the tooltip says why, in order, and counts what is too much for it', () => {
  const { details } = status('connected', { agents: [asking, silent], approvals }, [stalled]);
  assert.deepEqual(details, ['eve: Stalled.', 'dan: Asks: Run npm test']);
  const many = Array.from({ length: 12 }, (_, index) => sampleAgent({ name: `a${index}`, state: 'failed', stateDetail: 'x' }));
  assert.deepEqual(status('connected', { agents: many }).details.slice(-2), ['a5: x', 'And 4 more.']);
});
