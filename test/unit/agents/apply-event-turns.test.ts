/** What questions, plans and turns do to a transcript, and what it is to be one. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it, test } from 'node:test';
import { applyEvent, settlePermission } from '../../../server/agents/apply-event.ts';
import type { AgentEvent, TurnEndReason } from '../../../server/protocol/agent-event.ts';
import type { ItemId } from '../../../server/protocol/ids.ts';
import type { SandboxState } from '../../../server/protocol/sandbox.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { freshTranscript, TestTranscript } from '../../support/test-transcript.ts';
import { ids, permissionAsked, permissionRequest, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

const turn = ids.turn();
let here: TestTranscript;

beforeEach(() => {
  here = new TestTranscript();
});

describe('a question', () => {
  const approvalId = ids.approval();

  it('shows exactly what is asked, with its hash, until it is settled once', () => {
    here.apply(turnStarted(turn), permissionAsked(approvalId));
    assert.equal(here.only('permission').hash, JSON.stringify(permissionRequest));
    assert.equal(here.only('permission').state, 'open');
    settlePermission(here.transcript, approvalId, { state: 'denied', answeredBy: 'cli', answeredAt: 60 });
    settlePermission(here.transcript, approvalId, { state: 'allowedOnce', answeredBy: 'extension', answeredAt: 61 });
    const { state, answeredBy, answeredAt } = here.only('permission');
    assert.deepEqual({ state, answeredBy, answeredAt }, { state: 'denied', answeredBy: 'cli', answeredAt: 60 });
  });

  it('that the agent no longer waits for is withdrawn', () => {
    here.apply(turnStarted(turn), permissionAsked(approvalId), { type: 'permissionWithdrawn', approvalId, reason: 'gone' });
    assert.deepEqual([here.only('permission').state, here.only('permission').answeredBy], ['withdrawn', 'agent']);
  });

  it('is withdrawn when a turn of the session ends, also one that was asked outside of it', () => {
    here.apply(permissionAsked(approvalId));
    here.commit();
    here.apply(turnStarted(turn), turnEnded(turn));
    assert.deepEqual([here.only('permission').state, here.only('permission').answeredBy], ['withdrawn', 'backend']);
  });
});

describe('a plan', () => {
  const plan = (...texts: string[]): AgentEvent => ({
    type: 'plan',
    entries: texts.map((text) => ({ text, status: 'pending' })),
  });

  it('changes in its place within a turn, and a turn has its own', () => {
    here.apply(turnStarted(turn), plan('a'), { type: 'notice', level: 'info', text: 'between' }, plan('a', 'b'));
    assert.deepEqual(here.kinds(), ['plan', 'notice']);
    assert.equal(here.only('plan').entries.length, 2);
    const next = ids.turn();
    here.apply(turnEnded(turn), turnStarted(next), plan('c'));
    const plans = here.all().filter((item) => item.kind === 'plan');
    assert.deepEqual(
      plans.map(({ turnId }) => turnId),
      [turn, next],
    );
  });

  it('is closed with its turn', () => {
    here.apply(turnStarted(turn), plan('a'), turnEnded(turn));
    here.commit();
    assert.deepEqual(here.transcript.openItems(), []);
  });
});

describe('a turn', () => {
  it('that ends shows its reason, how long it took and what the session has used', () => {
    const used = { inputTokens: 1, outputTokens: 2, cacheReadTokens: null, cacheWriteTokens: null };
    const usage = { ...used, contextTokens: null, contextWindowTokens: null, costUsd: 0.5 };
    here.apply(turnStarted(turn), { type: 'usage', usage });
    here.applyAt(80, turnEnded(turn));
    assert.deepEqual([here.only('turnEnd').durationMs, here.only('turnEnd').usage], [30, usage]);
    const { runningTurnId, turnCount, lastActiveAt } = here.transcript.record;
    assert.deepEqual({ runningTurnId, turnCount, lastActiveAt }, { runningTurnId: null, turnCount: 1, lastActiveAt: 80 });
  });

  it('is not ended by the end of another one, nor twice', () => {
    here.apply(turnStarted(turn), turnEnded(ids.turn()));
    assert.equal(here.transcript.record.runningTurnId, turn);
    here.apply(turnEnded(turn), turnEnded(turn));
    assert.equal(here.only('turnEnd').turnId, turn);
  });

  it('that is told of twice is one', () => {
    here.apply(turnStarted(turn), turnStarted(turn));
    assert.equal(here.transcript.record.turnCount, 1);
    assert.deepEqual(here.all(), []);
  });

  it('whose end was lost ends as crashed when the next one begins', () => {
    const item = ids.item();
    here.apply(turnStarted(turn), text(item, 0, 'Hel'), turnStarted(ids.turn()));
    assert.deepEqual([here.only('turnEnd').turnId, here.only('turnEnd').reason], [turn, 'crashed']);
    assert.equal(here.only('text').interrupted, true);
  });

  for (const reason of ['completed', 'interrupted', 'refused', 'limit', 'failed', 'crashed'] satisfies TurnEndReason[]) {
    it(`that ends as ${reason} leaves no text, question or plan open`, () => {
      here.apply(turnStarted(turn), text(ids.item(), 0, 'a'), permissionAsked(ids.approval()), { type: 'plan', entries: [] });
      here.apply({ type: 'thinking', itemId: ids.item(), offset: 0, text: 'b' }, turnEnded(turn, reason));
      here.commit();
      assert.deepEqual(here.transcript.openItems(), []);
    });
  }
});

test('how events are grouped into commits makes no difference to what is kept', () => {
  const [block, other, tool, slow] = [ids.item(), ids.item(), ids.item(), ids.item()];
  const [asked, left] = [ids.approval(), ids.approval()];
  const next = ids.turn();
  const events: AgentEvent[] = [
    turnStarted(turn),
    text(block, 0, 'Hello'),
    { type: 'blockEnded', itemId: block },
    toolStarted(tool),
    toolStarted(slow),
    permissionAsked(asked),
    { type: 'permissionWithdrawn', approvalId: asked, reason: 'answered elsewhere' },
    { type: 'toolEnded', itemId: tool, status: 'ok' },
    { type: 'toolEnded', itemId: tool, status: 'failed' },
    { type: 'plan', entries: [] },
    permissionAsked(left),
    turnEnded(turn, 'interrupted'),
    turnStarted(next),
    text(other, 0, 'Bye'),
    turnEnded(next, 'crashed'),
  ];
  const shapes = [1, 2, 3, 5, events.length].map((size) => {
    const into = freshTranscript();
    const kept = new Map<ItemId, Item>();
    let made = 0;
    // Ids of items that the backend itself makes are the same in each shape.
    const moment = { at: 50, newItemId: () => `made-${++made}` as ItemId, hashOf: String };
    for (const [index, event] of events.entries()) {
      applyEvent(into, event, moment);
      if ((index + 1) % size === 0 || index === events.length - 1) for (const item of into.takeUnsaved()) kept.set(item.id, item);
    }
    return { record: { ...into.record, id: '' }, open: into.openItems(), items: [...kept.values()].sort((a, b) => a.ordinal - b.ordinal) };
  });
  for (const shape of shapes) assert.deepEqual(shape, shapes[0]);
  const ended = shapes[0]?.items.map((item) => (item.kind === 'tool' ? item.status : item.kind === 'text' && item.interrupted));
  assert.deepEqual(ended, [false, 'ok', 'interrupted', false, false, false, false, true, false]);
});

test('opening a session keeps its model when the agent does not tell one', () => {
  const opened = { type: 'sessionOpened', providerSessionId: 'p', resumed: false, programVersion: null } as const;
  here.apply({ ...opened, model: 'opus' }, { ...opened, model: null });
  assert.deepEqual([here.transcript.record.model, here.transcript.record.providerSessionId], ['opus', 'p']);
});

describe('a retry', () => {
  const failure = { type: 'rate_limit', message: 'Too many requests.', retryable: true } as const;
  const retry = { type: 'retry', attempt: 2, maxAttempts: 5, delayMs: 1_200, failure } as const;
  const waits = () => here.all().flatMap((item) => (item.kind === 'notice' ? item.retry?.isOver : []));

  it('is a notice that says when and how often, with what a countdown needs', () => {
    here.apply(turnStarted(turn));
    here.applyAt(1_000, retry);
    const notice = here.only('notice');
    assert.equal(notice.text, 'Too many requests. Trying again in 2 s (attempt 2 of 5).');
    assert.deepEqual(notice.retry, { attempt: 2, maxAttempts: 5, until: 2_200, failure, isOver: false });
  });

  for (const [name, event] of [
    ['the agent writes', text(ids.item(), 0, 'a')],
    ['the agent uses a tool', toolStarted(ids.item())],
    ['the turn ends', turnEnded(turn, 'failed')],
  ] as const) {
    it(`is over when ${name}`, () => {
      here.apply(turnStarted(turn), retry);
      here.commit();
      here.apply(event);
      assert.deepEqual(waits(), [true]);
    });
  }

  it('is over when the next one waits, and goes on while only something else is told', () => {
    here.apply(turnStarted(turn), retry, { ...retry, attempt: 3 }, { type: 'notice', level: 'info', text: 'a' });
    assert.deepEqual(waits(), [true, false, undefined]);
  });
});

test('the fence is told of once, as long as it stays as it is', () => {
  const sandbox: SandboxState = {
    ...{ files: 'partial', network: 'open', mode: 'preferred' },
    ...{ layers: [], landlockAbi: 7, gaps: [], remedy: null },
  };
  const event: AgentEvent = { type: 'fenced', sandbox, resources: { by: [], gaps: [] } };
  here.apply(event, event);
  assert.deepEqual(here.kinds(), ['notice']);
});

test('a transcript is idle when the database would give back all of it', () => {
  const item = ids.item();
  assert.equal(here.transcript.isIdle, true);
  here.transcript.update({ title: 'a' });
  assert.equal(here.transcript.isIdle, false);
  here.commit();
  assert.equal(here.transcript.isIdle, true);
  here.apply(turnStarted(turn), text(item, 0, 'a'));
  here.commit();
  assert.equal(here.transcript.isIdle, false);
  here.apply(turnEnded(turn));
  assert.equal(here.transcript.isIdle, false);
  here.commit();
  assert.equal(here.transcript.isIdle, true);
});
