import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalId } from '../../../../server/protocol/ids.ts';
import type { Item } from '../../../../server/protocol/session.ts';
import { announcements } from '../../../../webviews/chat/announcements.ts';
import { withSnapshot } from '../../../../webviews/chat/session-view.ts';
import { askToRun, id, numbered, sampleSession } from '../../../support/chat-harness/sample-data.ts';

const text = (content: string, complete: boolean) => ({ kind: 'text', text: content, complete, interrupted: false }) as const;
const question = { kind: 'permission', approvalId: id<ApprovalId>('a440', 1), toolItemId: null, request: askToRun, hash: 'h' } as const;
const unanswered = { ...question, state: 'open', answeredBy: null, answeredAt: null } as const;
const end = { kind: 'turnEnd', reason: 'completed', failure: null, durationMs: 1, usage: null } as const;

function view(items: Item[], session = 1) {
  return withSnapshot(null, { session: sampleSession(session, ''), feed: 'f', seq: 1, items, hasEarlier: false, runningTurnId: null });
}

test('a message is announced when it is whole, and never while it streams', () => {
  const streaming = view(numbered([text('Hel', false)]));
  const longer = view(numbered([text('Hello', false)]));
  const whole = view(numbered([text('Hello.', true)]));
  assert.deepEqual(announcements(streaming, longer), []);
  assert.deepEqual(announcements(longer, whole), ['Agent: Hello.']);
  assert.deepEqual(announcements(whole, whole), []);
});

test('questions and ends of turns are announced once', () => {
  const before = view([]);
  const after = view(numbered([unanswered, end]));
  assert.deepEqual(announcements(before, after), [`The agent asks for permission: ${askToRun.title}`, 'The agent has finished. Done']);
  assert.deepEqual(announcements(after, view(numbered([{ ...unanswered, state: 'denied' }, end]))), []);
});

test('what was there when a session is opened is not read out', () => {
  assert.deepEqual(announcements(null, view(numbered([end]))), []);
  assert.deepEqual(announcements(view([], 2), view(numbered([end]))), []);
});
