import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentStore } from '../../../server/agents/agent-store.ts';
import { Approvals } from '../../../server/agents/approvals.ts';
import { EventIntake } from '../../../server/agents/event-intake.ts';
import { PromptQueue } from '../../../server/agents/prompt-queue.ts';
import { Sessions, type Source } from '../../../server/agents/sessions.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { auditEvents, fillDisk, hashOf, TestStores } from '../../support/test-stores.ts';
import { ids, Numbered, permissionAsked, text, turnEnded, turnStarted } from '../../support/transcripts.ts';

const source: Source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
const now = () => 100;

let kept: TestStores;
let parts: ReturnType<typeof build>;
let sessionId: SessionId;
let numbered: Numbered;

beforeEach(() => {
  kept = new TestStores();
  parts = build();
  sessionId = parts.sessions.create(source.agentId, source.projectId).id;
  numbered = new Numbered(sessionId);
});
afterEach(() => kept.remove());

function build() {
  const { btmsg: file, sessions: sessionsFile, audit } = kept.stores;
  const agents = new AgentStore(file.db);
  const approvals = new Approvals({ file, audit, now, hashOf });
  const prompts = new PromptQueue(sessionsFile.db);
  const sessions = new Sessions({ file: sessionsFile, now, hashOf });
  return { agents, approvals, prompts, sessions, intake: new EventIntake({ file, audit, agents, approvals, prompts, sessions }) };
}

function queue(promptId = ids.prompt()) {
  const prompt = { id: promptId, agentId: source.agentId, sessionId, text: 'go', createdAt: 1 };
  parts.sessions.addPrompt(sessionId, promptId, 'go', (itemId) => parts.prompts.add({ ...prompt, itemId }));
  return promptId;
}

test('a turn with a question gives its audit rows, its items and its prompt’s end of waiting', () => {
  const promptId = queue();
  const [turn, approvalId] = [ids.turn(), ids.approval()];
  const events = numbered.of(turnStarted(turn, promptId), text(ids.item(), 0, 'May I?'), permissionAsked(approvalId));
  assert.deepEqual(parts.intake.takeIn(source, events), events);
  assert.equal(parts.prompts.next(source.agentId), undefined);
  assert.equal(parts.approvals.openOf(source.agentId)[0]?.id, approvalId);
  parts.intake.takeIn(source, numbered.of(turnEnded(turn)));
  assert.deepEqual(auditEvents(kept.stores), ['turn_started', 'approval_asked', 'turn_ended', 'approval_withdrawn']);
  assert.deepEqual(
    parts.sessions.page(sessionId, undefined, 10).items.map(({ kind }) => kind),
    ['prompt', 'text', 'permission', 'turnEnd'],
  );
});

test('after a crash between the two files each event is audited once and shown once', () => {
  const [turn, approvalId] = [ids.turn(), ids.approval()];
  const events = numbered.of(turnStarted(turn), text(ids.item(), 0, 'a'), permissionAsked(approvalId), turnEnded(turn));
  const makeRoom = fillDisk(kept.stores.sessions.db);
  const big = numbered.of(text(ids.item(), 0, 'x'.repeat(200_000)));
  assert.throws(() => parts.intake.takeIn(source, [...events, ...big]), { code: 'storage' });
  assert.equal(auditEvents(kept.stores).length, 4, 'the audited part was on disk before');
  assert.deepEqual([parts.agents.ackedSeq(source.agentId), parts.sessions.ackedSeq(source.agentId)], [4, 0]);
  makeRoom();
  kept.reopenAfterKill();
  parts = build();
  assert.equal(parts.intake.takeIn(source, [...events, ...big]).length, 5);
  assert.equal(parts.intake.takeIn(source, [...events, ...big]).length, 0);
  assert.deepEqual(auditEvents(kept.stores), ['turn_started', 'approval_asked', 'turn_ended', 'approval_withdrawn']);
  assert.equal(parts.sessions.get(sessionId).turnCount, 1);
});

test('nothing is acknowledged when the audit log’s disk is full', () => {
  const promptId = queue();
  const makeRoom = fillDisk(kept.stores.btmsg.db);
  const events = numbered.of(...Array.from({ length: 300 }, () => turnStarted(ids.turn(), promptId)));
  assert.throws(() => parts.intake.takeIn(source, events), { code: 'storage' });
  assert.deepEqual([parts.agents.ackedSeq(source.agentId), parts.sessions.ackedSeq(source.agentId)], [0, 0]);
  assert.equal(parts.prompts.next(source.agentId)?.id, promptId);
  makeRoom();
  assert.equal(parts.intake.takeIn(source, events).length, 300);
});

test('what needs no audit row is only in the transcript', () => {
  parts.intake.takeIn(source, numbered.of({ type: 'notice', level: 'info', text: 'a' }));
  assert.deepEqual(auditEvents(kept.stores), []);
  assert.deepEqual([parts.agents.ackedSeq(source.agentId), parts.sessions.ackedSeq(source.agentId)], [0, 1]);
});

test('the end of a turn withdraws the questions of its session, and of no other', () => {
  const [turn, here, elsewhere] = [ids.turn(), ids.approval(), ids.approval()];
  const other = parts.sessions.create(source.agentId, source.projectId).id;
  parts.intake.takeIn(source, numbered.of(turnStarted(turn), permissionAsked(here)));
  parts.intake.takeIn(source, new Numbered(other, 2).of(permissionAsked(elsewhere)));
  parts.intake.takeIn(source, new Numbered(sessionId, 3).of(turnEnded(turn)));
  assert.deepEqual(
    parts.approvals.open().map(({ id }) => id),
    [elsewhere],
  );
});
