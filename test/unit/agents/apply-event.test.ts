import assert from 'node:assert/strict';
import { beforeEach, describe, it, test } from 'node:test';
import { applyEvent, closeTools, settlePermission } from '../../../server/agents/apply-event.ts';
import { Transcript } from '../../../server/agents/transcript.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent, TurnEndReason } from '../../../server/protocol/agent-event.ts';
import { limits } from '../../../server/protocol/errors.ts';
import type { AgentId, ItemId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import type { Item, SessionChange } from '../../../server/protocol/session.ts';
import { ids, permissionAsked, permissionRequest, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

type Kind<K extends Item['kind']> = Item & { kind: K };

const turn = ids.turn();
let transcript: Transcript;
/** As the database would have them. */
let stored: Map<ItemId, Item>;
let changes: SessionChange[];

beforeEach(() => {
  transcript = fresh();
  stored = new Map();
  changes = [];
});

function fresh(): Transcript {
  // Who it belongs to plays no part here.
  const owner = { agentId: 'agent' as AgentId, projectId: 'project' as ProjectId };
  const nothing = { title: '', providerSessionId: null, model: null, usage: null, runningTurnId: null, runningSince: null };
  const counts = { itemCount: 0, turnCount: 0, nextOrdinal: 0, createdAt: 0, lastActiveAt: 0 };
  return new Transcript({ id: newId<SessionId>(), ...owner, ...nothing, ...counts }, []);
}

function apply(...events: AgentEvent[]): void {
  for (const event of events) applyEvent(transcript, event, { at: 50, newItemId: ids.item, hashOf: (value) => JSON.stringify(value) });
}

/** What a commit does. */
function commit(): void {
  for (const item of transcript.takeUnsaved()) stored.set(item.id, item);
  changes.push(...transcript.takeChanges());
}

function all(): Item[] {
  commit();
  return [...stored.values()].sort((a, b) => a.ordinal - b.ordinal);
}

function only<K extends Item['kind']>(kind: K): Kind<K> {
  const found = all().filter((item): item is Kind<K> => item.kind === kind);
  assert.equal(found.length, 1, `one ${kind}`);
  assert.ok(found[0]);
  return found[0];
}

describe('text', () => {
  const item = ids.item();

  for (const [name, parts, expected] of [
    ['in order', [text(item, 0, 'Hello'), text(item, 5, ', you')], 'Hello, you'],
    ['twice', [text(item, 0, 'Hello'), text(item, 0, 'Hello'), text(item, 5, ', you'), text(item, 5, ', you')], 'Hello, you'],
    ['overlapping', [text(item, 0, 'Hello'), text(item, 3, 'lo, you')], 'Hello, you'],
    ['whole after parts', [text(item, 0, 'Hel'), text(item, 0, 'Hello, you')], 'Hello, you'],
    ['older after newer', [text(item, 0, 'Hello, you'), text(item, 2, 'llo')], 'Hello, you'],
    ['with a hole, which is left out', [text(item, 0, 'Hel'), text(item, 5, ', you')], 'Hel'],
    ['with a hole that is filled', [text(item, 0, 'Hel'), text(item, 5, ', you'), text(item, 3, 'lo, you')], 'Hello, you'],
    ['cut inside a character', [text(item, 0, '\u{1f600}'.slice(0, 1)), text(item, 1, '\u{1f600}'.slice(1))], '\u{1f600}'],
  ] as const) {
    it(`that arrives ${name} is kept once`, () => {
      apply(turnStarted(turn), ...parts);
      assert.equal(only('text').text, expected);
      assert.equal(appended(item), expected, 'and watchers can put it together');
    });
  }

  it('whose beginning never came is no item', () => {
    apply(turnStarted(turn), text(item, 5, 'lo'));
    assert.deepEqual(all(), []);
    assert.equal(transcript.record.itemCount, 0);
  });

  it('is complete when its block ends, and takes nothing more', () => {
    apply(turnStarted(turn), text(item, 0, 'Hello'), { type: 'blockEnded', itemId: item });
    commit();
    apply(text(item, 5, ', you'));
    const { complete, interrupted } = only('text');
    assert.deepEqual({ complete, interrupted }, { complete: true, interrupted: false });
    assert.equal(only('text').text, 'Hello');
  });

  for (const [reason, interrupted] of [
    ['completed', false],
    ['interrupted', true],
    ['failed', true],
    ['crashed', true],
    ['limit', true],
  ] as const) {
    it(`that is still open when its turn ends as ${reason} is ${interrupted ? 'marked as cut' : 'complete'}`, () => {
      apply(turnStarted(turn), text(item, 0, 'Hel'), turnEnded(turn, reason));
      assert.equal(only('text').complete, true);
      assert.equal(only('text').interrupted, interrupted);
    });
  }

  function appended(id: ItemId): string {
    commit();
    const parts = changes.filter((change) => change.op === 'append' && change.itemId === id);
    return parts.map((change) => (change.op === 'append' ? change.text : '')).join('');
  }
});

describe('a prompt', () => {
  const promptId = ids.prompt();
  const addPrompt = (id = promptId) => transcript.add({ id: ids.item(), at: 1, kind: 'prompt', promptId: id, text: 'go', state: 'queued' });

  it('waits outside of any turn, and moves behind what came before its turn starts', () => {
    apply(turnStarted(turn));
    addPrompt();
    assert.equal(only('prompt').turnId, null);
    apply({ type: 'notice', level: 'info', text: 'meanwhile' }, turnEnded(turn));
    const next = ids.turn();
    apply(turnStarted(next, promptId));
    assert.deepEqual(
      all().map(({ kind }) => kind),
      ['notice', 'turnEnd', 'prompt'],
    );
    assert.deepEqual([only('prompt').state, only('prompt').turnId], ['sent', next]);
    assert.equal(transcript.record.itemCount, 3);
  });

  it('that waits stays where it is when another one is begun', () => {
    addPrompt();
    const other = ids.prompt();
    addPrompt(other);
    apply(turnStarted(turn, other));
    const states = all().map((item) => item.kind === 'prompt' && [item.promptId, item.state]);
    assert.deepEqual(states, [
      [promptId, 'queued'],
      [other, 'sent'],
    ]);
  });
});

describe('a tool call', () => {
  const item = ids.item();
  const started = () => apply(turnStarted(turn), toolStarted(item));

  it('runs, changes title, input and content, and ends', () => {
    started();
    assert.equal(only('tool').status, 'running');
    apply({ type: 'toolProgressed', itemId: item, title: 'npm t', content: [{ type: 'text', text: 'half' }] });
    apply({ type: 'toolProgressed', itemId: item, input: { command: 'npm t' } });
    apply({ type: 'toolEnded', itemId: item, status: 'failed' });
    const { title, input, status, endedAt, content } = only('tool');
    assert.deepEqual({ title, input, status, endedAt }, { title: 'npm t', input: { command: 'npm t' }, status: 'failed', endedAt: 50 });
    assert.deepEqual(content, [{ type: 'text', text: 'half' }]);
  });

  it('that is told of as over while it progresses has ended', () => {
    started();
    apply({ type: 'toolProgressed', itemId: item, status: 'ok' });
    assert.deepEqual([only('tool').status, only('tool').endedAt], ['ok', 50]);
  });

  it('that has ended, or never began, does not change', () => {
    started();
    apply({ type: 'toolEnded', itemId: item, status: 'ok' });
    commit();
    apply({ type: 'toolEnded', itemId: item, status: 'failed' }, { type: 'toolEnded', itemId: ids.item(), status: 'failed' });
    assert.equal(only('tool').status, 'ok');
  });

  it('keeps the beginning of a long output and says how much was left out', () => {
    const long = 'x'.repeat(limits.toolOutputChars - 10);
    const diff = { type: 'diff', path: 'a.ts', oldText: null, newText: 'y' } as const;
    started();
    const content = [{ type: 'text', text: long } as const, diff, { type: 'text', text: 'z'.repeat(25) } as const];
    apply({ type: 'toolEnded', itemId: item, status: 'ok', content });
    assert.equal(only('tool').omittedChars, 15);
    assert.deepEqual(
      only('tool').content.map((part) => (part.type === 'text' ? part.text.length : part)),
      [long.length, diff, 10],
    );
  });

  for (const [reason, status] of [
    ['completed', 'running'],
    ['interrupted', 'running'],
    ['crashed', 'interrupted'],
  ] as const) {
    it(`that its turn left running is ${status} when the turn ends as ${reason}`, () => {
      started();
      apply(turnEnded(turn, reason));
      assert.equal(only('tool').status, status);
    });
  }

  it('in the background ends with the agent, in whichever turn it began', () => {
    started();
    apply(turnEnded(turn));
    commit();
    const next = ids.turn();
    apply(turnStarted(next), turnEnded(next, 'crashed'));
    assert.deepEqual([only('tool').status, only('tool').endedAt, only('tool').turnId], ['interrupted', 50, turn]);
  });

  it('is closed when the program is gone', () => {
    started();
    closeTools(transcript, 70);
    assert.deepEqual([only('tool').status, only('tool').endedAt], ['interrupted', 70]);
  });
});

describe('a question', () => {
  const approvalId = ids.approval();

  it('shows exactly what is asked, with its hash, until it is settled once', () => {
    apply(turnStarted(turn), permissionAsked(approvalId));
    assert.equal(only('permission').hash, JSON.stringify(permissionRequest));
    assert.equal(only('permission').state, 'open');
    settlePermission(transcript, approvalId, { state: 'denied', answeredBy: 'cli', answeredAt: 60 });
    settlePermission(transcript, approvalId, { state: 'allowedOnce', answeredBy: 'extension', answeredAt: 61 });
    const { state, answeredBy, answeredAt } = only('permission');
    assert.deepEqual({ state, answeredBy, answeredAt }, { state: 'denied', answeredBy: 'cli', answeredAt: 60 });
  });

  it('that the agent no longer waits for is withdrawn', () => {
    apply(turnStarted(turn), permissionAsked(approvalId), { type: 'permissionWithdrawn', approvalId, reason: 'gone' });
    assert.deepEqual([only('permission').state, only('permission').answeredBy], ['withdrawn', 'agent']);
  });

  it('is withdrawn when a turn of the session ends, also one that was asked outside of it', () => {
    apply(permissionAsked(approvalId));
    commit();
    apply(turnStarted(turn), turnEnded(turn));
    assert.deepEqual([only('permission').state, only('permission').answeredBy], ['withdrawn', 'backend']);
  });
});

describe('a plan', () => {
  const plan = (...texts: string[]): AgentEvent => ({
    type: 'plan',
    entries: texts.map((text) => ({ text, status: 'pending' })),
  });

  it('changes in its place within a turn, and a turn has its own', () => {
    apply(turnStarted(turn), plan('a'), { type: 'notice', level: 'info', text: 'between' }, plan('a', 'b'));
    assert.deepEqual(
      all().map(({ kind }) => kind),
      ['plan', 'notice'],
    );
    assert.equal(only('plan').entries.length, 2);
    const next = ids.turn();
    apply(turnEnded(turn), turnStarted(next), plan('c'));
    const plans = all().filter((item) => item.kind === 'plan');
    assert.deepEqual(
      plans.map(({ turnId }) => turnId),
      [turn, next],
    );
  });

  it('is closed with its turn', () => {
    apply(turnStarted(turn), plan('a'), turnEnded(turn));
    commit();
    assert.deepEqual(transcript.openItems(), []);
  });
});

describe('a turn', () => {
  it('that ends shows its reason, how long it took and what the session has used', () => {
    const used = { inputTokens: 1, outputTokens: 2, cacheReadTokens: null, cacheWriteTokens: null };
    const usage = { ...used, contextTokens: null, contextWindowTokens: null, costUsd: 0.5 };
    apply(turnStarted(turn), { type: 'usage', usage });
    applyEvent(transcript, turnEnded(turn), { at: 80, newItemId: ids.item, hashOf: String });
    assert.deepEqual([only('turnEnd').durationMs, only('turnEnd').usage], [30, usage]);
    const { runningTurnId, turnCount, lastActiveAt } = transcript.record;
    assert.deepEqual({ runningTurnId, turnCount, lastActiveAt }, { runningTurnId: null, turnCount: 1, lastActiveAt: 80 });
  });

  it('is not ended by the end of another one, nor twice', () => {
    apply(turnStarted(turn), turnEnded(ids.turn()));
    assert.equal(transcript.record.runningTurnId, turn);
    apply(turnEnded(turn), turnEnded(turn));
    assert.equal(only('turnEnd').turnId, turn);
  });

  it('that is told of twice is one', () => {
    apply(turnStarted(turn), turnStarted(turn));
    assert.equal(transcript.record.turnCount, 1);
    assert.deepEqual(all(), []);
  });

  it('whose end was lost ends as crashed when the next one begins', () => {
    const item = ids.item();
    apply(turnStarted(turn), text(item, 0, 'Hel'), turnStarted(ids.turn()));
    assert.deepEqual([only('turnEnd').turnId, only('turnEnd').reason], [turn, 'crashed']);
    assert.equal(only('text').interrupted, true);
  });

  for (const reason of ['completed', 'interrupted', 'refused', 'limit', 'failed', 'crashed'] satisfies TurnEndReason[]) {
    it(`that ends as ${reason} leaves no text, question or plan open`, () => {
      apply(turnStarted(turn), text(ids.item(), 0, 'a'), permissionAsked(ids.approval()), { type: 'plan', entries: [] });
      apply({ type: 'thinking', itemId: ids.item(), offset: 0, text: 'b' }, turnEnded(turn, reason));
      commit();
      assert.deepEqual(transcript.openItems(), []);
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
    const into = fresh();
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
  apply({ ...opened, model: 'opus' }, { ...opened, model: null });
  assert.deepEqual([transcript.record.model, transcript.record.providerSessionId], ['opus', 'p']);
});

test('a retry is a notice that says when and how often', () => {
  const failure = { type: 'rate_limit', message: 'Too many requests.', retryable: true } as const;
  apply({ type: 'retry', attempt: 2, maxAttempts: 5, delayMs: 1_200, failure });
  assert.equal(only('notice').text, 'Too many requests. Trying again in 2 s (attempt 2 of 5).');
});

test('a transcript is idle when the database would give back all of it', () => {
  const item = ids.item();
  assert.equal(transcript.isIdle, true);
  transcript.update({ title: 'a' });
  assert.equal(transcript.isIdle, false);
  commit();
  assert.equal(transcript.isIdle, true);
  apply(turnStarted(turn), text(item, 0, 'a'));
  commit();
  assert.equal(transcript.isIdle, false);
  apply(turnEnded(turn));
  assert.equal(transcript.isIdle, false);
  commit();
  assert.equal(transcript.isIdle, true);
});
