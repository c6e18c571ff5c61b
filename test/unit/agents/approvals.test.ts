import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Approvals, type Asked } from '../../../server/agents/approvals.ts';
import { givenAnswer } from '../../../server/agents/given-answer.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import type { FormField } from '../../../server/protocol/form.ts';
import type { AgentId, ApprovalId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { auditEvents, fillDisk, hashOf, TestStores } from '../../support/test-stores.ts';
import { permissionRequest } from '../../support/transcripts.ts';

const agentId = newId<AgentId>();

let kept: TestStores;
let approvals: Approvals;
let told: Approval[];

beforeEach(() => {
  kept = new TestStores();
  const { btmsg, audit } = kept.stores;
  approvals = new Approvals({ file: btmsg, audit, now: () => 100, hashOf });
  told = [];
  approvals.changed.on((approval) => void told.push(approval));
});
afterEach(() => kept.remove());

function ask(fields: Partial<Asked> = {}): Approval {
  const place = { agentId, projectId: newId<ProjectId>(), sessionId: newId<SessionId>() };
  const asked = { id: newId<ApprovalId>(), ...place, request: permissionRequest, askedAt: 1, ...fields };
  approvals.ask(asked);
  const approval = approvals.open().find(({ id }) => id === asked.id);
  assert.ok(approval);
  return approval;
}

test('a question is open with the hash of what is shown, until it is answered once', async () => {
  const { id, hash } = ask();
  assert.equal(hash, hashOf(permissionRequest));
  const answered = approvals.answer(id, { decision: 'allowOnce', hash, actor: 'cli' });
  assert.deepEqual([answered.state, answered.answeredBy, answered.answeredAt], ['allowedOnce', 'cli', 100]);
  assert.deepEqual(approvals.open(), []);
  assert.throws(() => approvals.answer(id, { decision: 'deny', actor: 'extension' }), {
    code: 'conflict',
    message: '"Run npm test" was already allowed. Nothing was changed.',
  });
  await Promise.resolve();
  assert.deepEqual([...new Set(told.map(({ state }) => state))], ['allowedOnce']);
  assert.deepEqual(auditEvents(kept.stores), ['approval_asked', 'approval_answered']);
});

test('an answer to something else than was shown is refused, and the question stays open', () => {
  const { id } = ask();
  assert.throws(() => approvals.answer(id, { decision: 'allowOnce', hash: 'of something else', actor: 'cli' }), { code: 'refused' });
  assert.equal(approvals.open().length, 1);
  assert.deepEqual(auditEvents(kept.stores), ['approval_asked']);
});

test('only what the agent offers can be chosen', () => {
  const { id, hash } = ask();
  assert.throws(() => approvals.answer(id, { decision: 'allowSession', hash, actor: 'cli' }), {
    code: 'badRequest',
    message: /does not offer "allowSession" here; it offers allowOnce, deny/,
  });
  assert.equal(approvals.answer(id, { decision: 'deny', actor: 'cli' }).state, 'denied');
});

test('a question that was withdrawn cannot be answered, and says why', () => {
  const { id } = ask();
  assert.equal(approvals.withdraw(id, 'the turn ended', 50)?.state, 'withdrawn');
  assert.equal(approvals.withdraw(id, 'again', 51), undefined);
  assert.throws(() => approvals.answer(id, { decision: 'deny', actor: 'cli' }), {
    code: 'conflict',
    message: /the agent went on without it/,
  });
  assert.deepEqual(auditEvents(kept.stores), ['approval_asked', 'approval_withdrawn']);
});

test('an answer that came too late is taken back, and both are in the audit log', () => {
  const { id } = ask();
  const late = approvals.answer(id, { decision: 'allowOnce', message: 'go on', actor: 'cli' });
  assert.deepEqual([approvals.takeBack(late).state, approvals.all(1)[0]?.state], ['withdrawn', 'withdrawn']);
  assert.deepEqual(auditEvents(kept.stores), ['approval_asked', 'approval_answered', 'approval_withdrawn']);
});

test('what the person said with the answer is kept for an agent that is away', () => {
  const { id } = ask();
  approvals.answer(id, { decision: 'deny', message: 'not on a Friday', actor: 'cli' });
  assert.equal(approvals.answeredSince(agentId, 0)[0]?.message, 'not on a Friday');
});

test('the same question asked again changes nothing, answered or not', () => {
  const asked = ask();
  ask(asked);
  approvals.answer(asked.id, { decision: 'deny', actor: 'cli' });
  approvals.ask(asked);
  assert.deepEqual(approvals.open(), []);
  assert.deepEqual(auditEvents(kept.stores), ['approval_asked', 'approval_answered']);
});

test('open questions come first in first out, and all of them newest first', () => {
  const ids = [3, 1, 2].map((askedAt) => ask({ askedAt }).id);
  const [third, first, second] = ids;
  assert.deepEqual(
    approvals.open().map(({ id }) => id),
    [first, second, third],
  );
  assert.deepEqual(
    approvals.all(2).map(({ id }) => id),
    [third, second],
  );
  assert.equal(approvals.openOf(agentId).length, 3);
  assert.equal(approvals.openOf(newId<AgentId>()).length, 0);
});

test('a question is found by a part of its id, an open one first', () => {
  const { id } = ask();
  assert.equal(approvals.answer(id.slice(-8), { decision: 'deny', actor: 'cli' }).id, id);
  assert.throws(() => approvals.answer(id.slice(-8), { decision: 'deny', actor: 'cli' }), { code: 'conflict' });
  assert.throws(() => approvals.answer('ffffffff', { decision: 'deny', actor: 'cli' }), { code: 'notFound' });
});

test('what the disk does not take is neither asked nor answered nor told', async () => {
  const { id } = ask();
  await Promise.resolve();
  told = [];
  const makeRoom = fillDisk(kept.stores.btmsg.db);
  const big = { ...permissionRequest, title: 'x'.repeat(200_000) };
  assert.throws(() => ask({ request: big }), { code: 'storage' });
  await Promise.resolve();
  assert.deepEqual(
    approvals.open().map((open) => open.id),
    [id],
  );
  assert.deepEqual(told, []);
  makeRoom();
  assert.equal(approvals.answer(id, { decision: 'deny', actor: 'cli' }).state, 'denied');
});

test('what a transaction around it takes back is told as it is, and is open again', async () => {
  const { id } = ask();
  await Promise.resolve();
  told = [];
  const failing = () =>
    kept.stores.btmsg.write(() => {
      approvals.withdraw(id, 'the turn ended', 50);
      assert.deepEqual(approvals.open(), []);
      throw new Error('the rest failed');
    });
  assert.throws(failing, /the rest failed/);
  assert.equal(approvals.open()[0]?.id, id);
  await Promise.resolve();
  assert.deepEqual(
    told.map(({ state }) => state),
    ['open'],
  );
});

test('a question that the disk gave back damaged does not hide the others', () => {
  const [damaged, whole] = [ask(), ask()];
  kept.stores.btmsg.db.prepare("update approvals set request = '{' where id = ?").run(damaged.id);
  const { btmsg, audit } = kept.reopen();
  const next = new Approvals({ file: btmsg, audit, now: () => 100, hashOf });
  assert.deepEqual(
    next.open().map(({ id }) => id),
    [whole.id],
  );
});

test('answers are found again for an agent that was away, the withdrawn and the open not', () => {
  const [answered, old, withdrawn] = [ask({ askedAt: 10 }), ask({ askedAt: 2 }), ask({ askedAt: 12 })];
  ask({ askedAt: 13 });
  for (const { id } of [answered, old]) approvals.answer(id, { decision: 'deny', actor: 'cli' });
  approvals.withdraw(withdrawn.id, 'gone', 14);
  assert.deepEqual(
    approvals.answeredSince(agentId, 5).map(({ id }) => id),
    [answered.id],
  );
});

const stages = ['test', 'live'].map((value) => ({ value, label: value, help: null }));
const stage: FormField = {
  name: 'stage',
  label: 'Stage',
  help: null,
  required: true,
  type: 'choice',
  options: stages,
  takesOther: false,
  suggested: null,
};
const formRequest: PermissionRequest = { ...permissionRequest, decisions: ['allowOnce', 'deny', 'cancel'], form: { fields: [stage] } };

test('a form is answered with values that fit it, which are kept and not in the audit log', () => {
  const { id, hash } = ask({ request: formRequest });
  for (const values of [undefined, {}, { stage: 'elsewhere' }, { stage: 'live', more: 'x' }]) {
    const answer = { decision: 'allowOnce', hash, values, actor: 'cli' } as const;
    assert.throws(() => approvals.answer(id, answer), { code: 'badRequest', message: /"stage"|"more"/ });
  }
  assert.equal(approvals.open().length, 1);
  approvals.answer(id, { decision: 'allowOnce', hash, values: { stage: 'live' }, actor: 'cli' });
  assert.deepEqual(approvals.get(id)?.values, { stage: 'live' });
  const details = kept.stores.btmsg.db.prepare('select detail from audit_log').pluck().all().join();
  assert.match(details, /"filled":\["stage"\]/);
  assert.ok(!details.includes('live'));
});

test('a form is declined, or cancelled, without values; and no other question takes any', () => {
  const values = { stage: 'live' };
  const [first, second] = [ask({ request: formRequest }), ask({ request: formRequest })];
  assert.throws(() => approvals.answer(first.id, { decision: 'deny', values, actor: 'cli' }), { code: 'badRequest' });
  assert.equal(approvals.answer(first.id, { decision: 'cancel', actor: 'cli' }).state, 'cancelled');
  assert.equal(givenAnswer(approvals.answer(second.id, { decision: 'deny', actor: 'cli' })).decision, 'deny');
  const plain = ask();
  assert.throws(() => approvals.answer(plain.id, { decision: 'cancel', actor: 'cli' }), { code: 'badRequest' });
  assert.throws(() => approvals.answer(plain.id, { decision: 'allowOnce', values, actor: 'cli' }), { code: 'badRequest' });
});

test('a form that nobody answered in time is told as cancelled, because nobody has decided against it', () => {
  const { id } = ask({ request: formRequest });
  const expired = approvals.expire(id, 'too late');
  assert.equal(expired && givenAnswer(expired).decision, 'cancel');
});

test('no two forms are of one kind, unless they ask for the same', () => {
  const other = { ...formRequest, form: { fields: [{ ...stage, name: 'place' }] } };
  assert.notEqual(ask({ request: formRequest }).kind, ask({ request: other }).kind);
  assert.notEqual(ask({ request: formRequest }).hash, ask({ request: other }).hash);
});
