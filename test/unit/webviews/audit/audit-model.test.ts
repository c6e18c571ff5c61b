import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRecord } from '../../../../server/protocol/audit.ts';
import { AuditModel } from '../../../../webviews/audit/audit-model.ts';
import { noFilter } from '../../../../webviews/audit/row-filter.ts';
import { nothingSaved, type SavedState } from '../../../../webviews/audit/saved-state.ts';
import { RequestFailure } from '../../../../webviews/shared/host.ts';
import { sampleRow } from '../../../support/chat-harness/audit-data.ts';
import { parties, sampleAgents, sampleProfile, sampleTask, sampleTeam, teamId } from '../../../support/chat-harness/board-data.ts';
import { FakeHost } from '../../../support/fake-host.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A log whose rows go down to 1. */
async function opened(count: number, saved: SavedState = nothingSaved) {
  const fake = new FakeHost();
  const state = { saved, rows: rowsFrom(count), isHidden: false };
  fake.answer('audit/list', ({ beforeSeq = Number.MAX_SAFE_INTEGER, afterSeq = 0, limit }) => {
    const found = state.rows.filter(({ seq }) => seq < Number(beforeSeq) && seq > Number(afterSeq));
    const records = found.slice(0, Number(limit));
    return { records, hasEarlier: records.length < found.length, beforeSeq: records.at(-1)?.seq ?? 1 };
  });
  fake.answer('agent/list', () => ({ agents: sampleAgents() }));
  fake.answer('team/list', () => ({
    ...{ teams: [{ ...sampleTeam(), id: 'other' }, sampleTeam()], profiles: parties.map((_, index) => sampleProfile(index + 1)) },
    teammates: [],
  }));
  const save = (value: SavedState) => {
    state.saved = value;
  };
  const deps = { host: fake.host, save, onChange: () => undefined, now: () => 1_000, isHidden: () => state.isHidden };
  const model = new AuditModel(deps, saved);
  model.start();
  fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  const grow = async (more: number) => {
    state.rows = rowsFrom((state.rows[0]?.seq ?? 0) + more);
    fake.tell('audit/appended', { seq: state.rows[0]?.seq });
    await settled();
  };
  return { model, fake, state, grow };
}

function rowsFrom(count: number): AuditRecord[] {
  return Array.from({ length: count }, (_, index) => sampleRow(count - index, { event: 'turn_started' }));
}

const shown = ({ rows }: AuditModel) => [rows.records.length, rows.records[0]?.seq, rows.records.at(-1)?.seq];

test('the newest two hundred are shown, and older ones when they are asked for', async () => {
  const { model } = await opened(450);
  assert.deepEqual([model.phase, ...shown(model), model.rows.hasEarlier], ['ready', 200, 450, 251, true]);
  assert.equal(model.rows.isShort, false);
  await model.older();
  await model.older();
  assert.deepEqual([...shown(model), model.rows.hasEarlier], [450, 450, 1, false]);
});

test('what is new is asked for when it is told of, and only that', async () => {
  const { model, fake, grow } = await opened(5);
  await grow(2);
  assert.deepEqual(shown(model), [7, 7, 1]);
  assert.deepEqual(fake.asked('audit/list').at(-1), { afterSeq: 5, limit: 200 });
  const asked = fake.asked('audit/list').length;
  fake.tell('audit/appended', { seq: 7 });
  await settled();
  assert.equal(fake.asked('audit/list').length, asked);
});

test('more than a page at once begins anew, so that no row is missing between', async () => {
  const { model, grow } = await opened(5);
  await grow(300);
  assert.deepEqual([...shown(model), model.rows.hasEarlier], [200, 305, 106, true]);
  await model.older();
  assert.deepEqual(shown(model), [305, 305, 1]);
});

test('rows that arrive push out the oldest at last, which can be loaded again', async () => {
  const { model, grow } = await opened(150);
  for (let count = 0; count < 2; count += 1) await grow(100);
  assert.deepEqual([...shown(model), model.rows.hasEarlier], [200, 350, 151, true]);
  await model.older();
  await grow(10);
  assert.deepEqual(shown(model), [350, 360, 11]);
});

test('a page that nobody sees asks for nothing, and catches up when it is looked at', async () => {
  const { model, fake, state, grow } = await opened(5);
  const asked = fake.asked('audit/list').length;
  state.isHidden = true;
  await grow(3);
  await model.look();
  assert.equal(fake.asked('audit/list').length, asked);
  state.isHidden = false;
  await model.look();
  assert.deepEqual(shown(model), [8, 8, 1]);
});

test('a look finds what no news told of', async () => {
  const { model, state, grow } = await opened(5);
  await grow(1);
  state.rows = rowsFrom(7);
  await model.look();
  assert.deepEqual(shown(model), [7, 7, 1]);
});

test('the answer to an older filter is dropped', async () => {
  const { model, fake } = await opened(5);
  const answers: ((value: unknown) => void)[] = [];
  fake.answer('audit/list', () => new Promise((resolve) => answers.push(resolve)));
  const [first, second] = [model.setFilter({ event: 'turn_ended' }), model.setFilter({ event: 'turn_started' })];
  answers[1]?.({ records: rowsFrom(2), hasEarlier: false, beforeSeq: 1 });
  await settled();
  answers[0]?.({ records: rowsFrom(9), hasEarlier: false, beforeSeq: 1 });
  await Promise.all([first, second]);
  assert.deepEqual(shown(model), [2, 2, 1]);
});

test('a search that has found nothing yet goes on by itself, and then leaves it to the person', async () => {
  const { model, fake } = await opened(5);
  let beforeSeq = 100_000;
  fake.answer('audit/list', () => {
    beforeSeq -= 5_000;
    return { records: [], hasEarlier: true, beforeSeq };
  });
  await model.setFilter({ text: 'rare' });
  assert.deepEqual([model.rows.records.length, model.rows.isShort, model.rows.beforeSeq], [0, true, 50_000]);
});

test('a row that is asked for is shown among its neighbours, whatever was filtered, until the newest are wanted', async () => {
  const { model, fake, state, grow } = await opened(900, { ...nothingSaved, filter: { ...noFilter, event: 'turn_ended' } });
  fake.tell('showRow', { seq: 300 });
  await settled();
  assert.deepEqual([...shown(model), model.openRow?.seq, model.filter.event], [200, 320, 121, 300, '']);
  assert.deepEqual([state.saved.aroundSeq, state.saved.openSeq], [300, 300]);
  await grow(1);
  assert.equal(model.rows.records[0]?.seq, 320);
  await model.showNewest();
  assert.deepEqual([model.rows.records[0]?.seq, model.aroundSeq, model.openRow?.seq], [901, null, 300]);
});

test('what was open is open again in the next life of the page', async () => {
  const { model } = await opened(5, { ...nothingSaved, openSeq: 3 });
  assert.equal(model.openRow?.seq, 3);
});

test('a check says how far it is, what it found, and why it could not be made', async () => {
  const { model, fake } = await opened(1);
  let answer: (value: unknown) => void = () => undefined;
  fake.answer('audit/verify', () => new Promise((resolve) => (answer = resolve)));
  model.verify();
  fake.tell('audit/verifying', { read: 20_000, of: 50_000 });
  assert.deepEqual(model.verification, { kind: 'running', read: 20_000, of: 50_000 });
  const verdict = { rows: 1, head: { seq: 1, hash: 'h' }, breaks: [], bridged: [] };
  answer(verdict);
  await settled();
  assert.deepEqual(model.verification, { kind: 'found', verdict });
  fake.answer('audit/verify', () => {
    throw new RequestFailure('storage', 'The disk is gone.');
  });
  model.verify();
  await settled();
  assert.deepEqual(model.verification, { kind: 'failed', reason: 'The disk is gone.' });
  fake.tell('audit/verifying', { read: 1, of: 2 });
  assert.equal(model.verification.kind, 'failed');
});

test('an export is of the chosen time, and a task of the team of the agent', async () => {
  const { model, fake } = await opened(1);
  await model.setFilter({ span: 'between', from: '2026-05-01T10:00:00', event: 'turn_ended' });
  model.export();
  assert.deepEqual(fake.posted.at(-1), { type: 'exportAudit', from: new Date(2026, 4, 1, 10).getTime() });
  assert.equal(model.teamOf(sampleRow(1, { event: 'x', agentId: parties[1]?.id ?? null })), teamId);
  assert.equal(model.teamOf(sampleRow(1, { event: 'x' })), 'other');
  fake.answer('task/add', () => sampleTask(11, { title: 't', state: 'todo' }));
  const task = { title: ' t ', description: 'd', team: teamId, priority: 'high' } as const;
  assert.equal((await model.addTask(task))?.number, 11);
  assert.deepEqual(fake.asked('task/add'), [{ ...task, title: 't' }]);
  fake.answer('task/add', () => {
    throw new RequestFailure('refused', 'Not now.');
  });
  assert.deepEqual([await model.addTask(task), model.problem], [null, 'Not now.']);
});

test('without the backend the last known rows stay, and everything is asked for anew when it is back', async () => {
  const { model, fake, state } = await opened(3);
  fake.tell('connection', { state: 'away' });
  const asked = fake.asked('audit/list').length;
  await model.look();
  assert.deepEqual([model.rows.records.length, fake.asked('audit/list').length], [3, asked]);
  state.rows = rowsFrom(4);
  fake.tell('connection', { state: 'connected' });
  await settled();
  assert.deepEqual(shown(model), [4, 4, 1]);
});

test('rows that cannot be loaded anew stay as they were, with the reason', async () => {
  const { model, fake } = await opened(3);
  const list = () => {
    throw new RequestFailure('storage', 'The database is damaged.');
  };
  fake.answer('audit/list', list);
  await model.load();
  assert.deepEqual([model.phase, model.problem], ['ready', 'The database is damaged.']);
});
