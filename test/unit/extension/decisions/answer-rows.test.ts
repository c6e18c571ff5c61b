import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerRows, linesBehind, nextQuestion } from '../../../../extension/decisions/answer-rows.ts';
import { emptyFleet } from '../../../../extension/fleet/fleet-model.ts';
import type { Approval } from '../../../../server/protocol/approval.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleApproval } from '../../../support/protocol-samples.ts';

const projectId = '00000000-0000-7000-8000-000000000001';
const ask = (kind: string, askedAt: number) => sampleApproval({ projectId, kind, kindLabel: kind, askedAt });
const [a, b, c] = [ask('npm', 1), ask('git', 2), ask('npm', 3)];

function rows(queue: readonly Approval[], current: Approval) {
  const all = answerRows({ fleet: { ...emptyFleet, approvals: queue }, queue, current, nowMs: 0 }, t);
  return all.map((row) => (row.kind === 'question' ? row.id : row.label));
}

test('the question comes first, then what can be answered, the safe answer at the top, then what waits too', () => {
  assert.deepEqual(rows([a, b], a), [
    a.id,
    'Your Answer',
    '$(close) Deny',
    '$(check) Allow Once',
    '$(verified) Always Allow…',
    '$(circle-slash) Never Allow…',
    'Waiting Too',
    b.id,
  ]);
});

test('all of a kind are offered together only where there are several', () => {
  assert.ok(rows([a, b, c], a).includes('$(checklist) Answer All 2 of This Kind…'));
  assert.ok(!rows([a, b, c], b).some((label) => label.includes('of This Kind')));
});

test('an answer that the agent does not offer is not offered', () => {
  const session = sampleApproval({ request: { ...a.request, decisions: ['allowSession', 'deny'] } });
  const labels = rows([session], session);
  assert.ok(labels.includes('$(check-all) Allow for This Session') && !labels.includes('$(check) Allow Once'));
});

test('a form is declined, filled in or cancelled, and no rule says yes to it', () => {
  const form = sampleApproval({ request: { ...a.request, decisions: ['allowOnce', 'deny', 'cancel'], form: { fields: [] } } });
  const offered = ['$(close) Decline', '$(edit) Fill In…', '$(dash) Cancel', '$(circle-slash) Never Allow…'];
  assert.deepEqual(rows([form], form).slice(2), offered);
});

test('the same question stays as long as it is open; then it is the turn of the one after it, and at the end of the first', () => {
  assert.equal(nextQuestion([a, b, c], b.id, [a, b, c]), b);
  assert.equal(nextQuestion([a, b, c], b.id, [a, c]), c);
  assert.equal(nextQuestion([a, b], b.id, [a]), a);
  assert.equal(nextQuestion([a, b], b.id, [a, c]), c);
  assert.equal(nextQuestion([a], a.id, []), undefined);
});

test('the first in is the first out, unless another one was asked for', () => {
  assert.equal(nextQuestion([], undefined, [a, b]), a);
  assert.equal(nextQuestion([], b.id, [a, b]), b);
});

test('a text beside the list begins below it, and no list is taken to be higher than the window', () => {
  const few = answerRows({ fleet: emptyFleet, queue: [a], current: a, nowMs: 0 }, t);
  assert.ok(linesBehind(few) > linesBehind([]));
  const many = Array.from({ length: 100 }, (_, index) => ask('npm', index));
  const all = answerRows({ fleet: emptyFleet, queue: many, current: a, nowMs: 0 }, t);
  assert.ok(linesBehind(all) < 30);
});
