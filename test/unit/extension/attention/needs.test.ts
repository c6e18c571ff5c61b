import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFleet, needEntries } from '../../../../extension/attention/needs.ts';
import { chosenNeed, needRows } from '../../../../extension/attention/needs-rows.ts';
import { emptyFleet, type FleetState } from '../../../../extension/fleet/fleet-model.ts';
import { emptyTeamwork, type TeamworkState } from '../../../../extension/fleet/teamwork-model.ts';
import { sampleDeadLetters } from '../../../support/chat-harness/mail-data.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleApproval, sampleHealth, sampleProject, sampleTeammate } from '../../../support/protocol-samples.ts';

const project = sampleProject();
const agent = (name: string, fields: object = {}) => sampleAgent({ name, projectId: project.id, ...fields });
const connected = { phase: 'connected', detail: '' } as const;

function input(fleet: Partial<FleetState>, teamwork: Partial<TeamworkState> = {}) {
  const known = { fleet: { ...emptyFleet, isLoaded: true, projects: [project], ...fleet }, teamwork: { ...emptyTeamwork, ...teamwork } };
  return { ...known, connection: connected, entries: needEntries(known, t) };
}

const [ann, bob, cleo, dan] = [agent('ann', { state: 'running' }), agent('bob'), agent('cleo', { state: 'running' }), agent('dan')];
const asks = sampleApproval({ agentId: bob.id, projectId: project.id });
const stalled = sampleTeammate({ agentId: cleo.id, activity: 'stalled', attention: { score: 100, signal: 'stall', reason: 'Stalled.' } });
const reviews = sampleTeammate({
  agentId: dan.id,
  vitals: { idleSince: null, openTools: 0, contextPressure: null, burnUsdPerHour: null, fileConflicts: 0, reviewTasks: 2 },
});
const busy = input(
  { agents: [ann, bob, cleo, dan], approvals: [asks], health: sampleHealth({ problems: ['The disk is nearly full.'] }) },
  { teammates: [stalled, reviews], deadLetters: sampleDeadLetters().slice(0, 1) },
);

test('what needs the person stands in order, each with its place, its reason and what can be done', () => {
  assert.deepEqual(
    busy.entries.map(({ title, place, reason, actions: [{ command }] }) => [title, place, reason, command]),
    [
      ['Backend', '', 'The disk is nearly full.', 'agor.showHealth'],
      ['cleo', 'shop', 'Stalled.', 'agor.openChat'],
      ['bob', 'shop', 'Asks: Run npm test', 'agor.answerApproval'],
      ['1 message was not delivered', '', 'It can be delivered again or discarded.', 'agor.messages.focus'],
      ['dan', 'shop', '2 tasks wait for review.', 'agor.openBoard'],
    ],
  );
  const ofCleo = busy.entries.find(({ key }) => key === cleo.id)?.actions.map(({ command, argument }) => [command, argument?.id]);
  assert.deepEqual(ofCleo, [
    ['agor.openChat', cleo.id],
    ['agor.interruptAgent', cleo.id],
    ['agor.restartAgent', cleo.id],
  ]);
});

test('each agent is counted once, and one that needs the person does not count as working', () => {
  assert.deepEqual(countFleet(busy, busy.entries), { agents: 4, working: 1, stalled: 1, needing: 3 });
});

test('the pick shows what is urgent, what is worth a look, and a way to the rest', () => {
  const rows = needRows(busy, t);
  assert.deepEqual(
    rows.map((row) => (row.kind === 'need' ? `${row.label} | ${row.description} | ${row.detail}` : `${row.kind}: ${row.label}`)),
    [
      'separator: Needs You Now',
      '$(warning) Backend | Show Health | The disk is nearly full.',
      '$(warning) cleo | shop · Open Chat | Stalled.',
      '$(bell-dot) bob | shop · Answer Approval | Asks: Run npm test',
      '$(mail) 1 message was not delivered | Open Messages | It can be delivered again or discarded.',
      'separator: Worth a Look',
      '$(checklist) dan | shop · Open Board | 2 tasks wait for review.',
      'separator: Actions',
      'way: $(pulse) Show Health',
    ],
  );
});

const empties: [string, Parameters<typeof needRows>[0], RegExp, string][] = [
  ['nobody needs the person', input({ agents: [ann, dan] }), /Nobody needs you now\. 1 of 2 agents working\./, 'agor.showHealth'],
  ['nobody works', input({ agents: [dan] }), /Nobody needs you now\. No agent is working\./, 'agor.showHealth'],
  ['there is no agent', input({}), /There is no agent yet\./, 'agor.addAgent'],
  [
    'the backend failed',
    { ...input({}), connection: { phase: 'failed', detail: 'It ended.' } },
    /backend is not running.* It ended\./,
    'agor.restartBackend',
  ],
  [
    'nothing asked for it',
    { ...input({}), connection: { phase: 'off', detail: '' } },
    /is not running.* It starts with/,
    'agor.restartBackend',
  ],
];
for (const [name, state, sentence, way] of empties) {
  test(`when ${name} the pick says so, and there is a way out`, () => {
    const [note, , first] = needRows(state, t);
    assert.ok(note?.kind === 'note');
    assert.match(`${note.label} ${note.detail}`, sentence);
    assert.equal(first?.kind === 'way' && first.action.command, way);
  });
}

test('while the lists are read the pick says so', () => {
  const rows = needRows({ ...input({ isLoaded: false }) }, t);
  assert.deepEqual(
    rows.map(({ kind, label }) => [kind, label]),
    [['note', '$(loading~spin) Asking the backend…']],
  );
});

test('what agents wrote draws no icons and no lines of its own', () => {
  const hostile = '$(trash) <b>\n\u202e';
  const rows = needRows(input({ agents: [agent(hostile, { state: 'failed', stateDetail: hostile })] }), t);
  const [row] = rows.filter(({ kind }) => kind === 'need');
  assert.ok(row?.kind === 'need');
  assert.equal(row.label, '$(error) \\$(trash) <b><U+000A><U+202E>');
  assert.equal(row.detail, '\\$(trash) <b><U+000A><U+202E>');
});

test('the chosen row stays chosen while others come and go; when it went, the one in its place is', () => {
  const before = needRows(busy, t);
  const keyOf = (rows: typeof before, key: string | undefined) => {
    const row = chosenNeed(before, key, rows);
    return row?.kind === 'need' ? row.key : undefined;
  };
  const answered = needRows(input({ agents: [ann, bob, cleo, dan] }, { teammates: [stalled, reviews] }), t);
  assert.equal(keyOf(answered, dan.id), dan.id);
  assert.equal(keyOf(answered, bob.id), dan.id);
  assert.equal(keyOf(answered, undefined), undefined);
  assert.equal(keyOf(needRows(input({ agents: [ann] }), t), bob.id), undefined);
});

test('of two that ask, the one that has waited longer comes first', () => {
  const ask = (agentId: string, askedAt: number) => sampleApproval({ agentId, projectId: project.id, askedAt });
  const { entries } = input({ agents: [ann, bob], approvals: [ask(bob.id, 1), ask(ann.id, 2)] });
  assert.deepEqual(
    entries.map(({ title }) => title),
    ['bob', 'ann'],
  );
});
