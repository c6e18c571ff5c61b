import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentStore } from '../../../server/agents/agent-store.ts';
import { isFaultOfEvent } from '../../../server/agents/event-intake.ts';
import type { Source } from '../../../server/agents/sessions.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { NumberedEvent } from '../../../server/protocol/handshake.ts';
import type { AgentId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { eventIntake } from '../../support/event-intake.ts';
import { auditEvents, fillDisk, TestStores } from '../../support/test-stores.ts';
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
  return { agents: new AgentStore(kept.stores.btmsg.db), ...eventIntake(kept.stores, now) };
}

function queue(promptId = ids.prompt()) {
  const prompt = { id: promptId, agentId: source.agentId, sessionId, text: 'go', createdAt: 1 };
  parts.sessions.addPrompt(sessionId, { id: promptId, text: 'go' }, (itemId) => parts.prompts.add({ ...prompt, itemId }));
  return promptId;
}

test('a turn with a question gives its audit rows, its items and its prompt’s end of waiting', () => {
  const promptId = queue();
  const [turn, approvalId] = [ids.turn(), ids.approval()];
  const events = numbered.of(turnStarted(turn, promptId), text(ids.item(), 0, 'May I?'), permissionAsked(approvalId));
  assert.deepEqual(parts.intake.takeIn(source, events), { taken: events, refused: [] });
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
  assert.equal(parts.intake.takeIn(source, [...events, ...big]).taken.length, 5);
  assert.equal(parts.intake.takeIn(source, [...events, ...big]).taken.length, 0);
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
  assert.equal(parts.intake.takeIn(source, events).taken.length, 300);
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

/** As a sidecar of this version sends them. */
function keyed(...events: AgentEvent[]): NumberedEvent[] {
  return numbered.of(...events).map((event) => ({ ...event, key: newId<string>() }));
}

/** As a sidecar sends an event again that was set aside: behind all others, with its key. */
function requeued(event: NumberedEvent): NumberedEvent {
  const [{ seq } = { seq: 0 }] = numbered.of({ type: 'notice', level: 'info', text: '' });
  return { ...event, seq };
}

function notices(): string[] {
  return parts.sessions.page(sessionId, undefined, 1_000).items.flatMap((item) => (item.kind === 'notice' ? item.text : []));
}

const notice = (text: string): AgentEvent => ({ type: 'notice', level: 'info', text });

/** From here on this session's events have no effect that can be taken, though the disk is fine. */
function refuseNotices(): () => void {
  const { db } = kept.stores.sessions;
  db.exec(`create trigger refuse before insert on items when new.kind = 'notice' begin select raise(abort, 'no notices'); end`);
  return () => db.exec('drop trigger refuse');
}

test('an event of an unknown kind is refused as such, those before it are taken, and none overtakes it', () => {
  const [first, unknown, after, alsoUnknown] = keyed(notice('1'), notice('2'), notice('3'), notice('4'));
  assert.ok(first && unknown && after && alsoUnknown);
  const sent = [first, { ...unknown, event: { type: 'danced', how: 'well' } }, after, { ...alsoUnknown, event: { type: 'sang' } }];
  const { taken, refused } = parts.intake.takeIn(source, sent);
  assert.deepEqual([taken, notices()], [[first], ['1']]);
  assert.deepEqual(
    refused.map(({ seq, kind, reason }) => [seq, kind, reason]),
    [
      [2, 'danced', 'unsupported'],
      [4, 'sang', 'unsupported'],
    ],
  );
  assert.deepEqual(auditEvents(kept.stores), ['event_refused', 'event_refused']);
  assert.deepEqual(parts.intake.takeIn(source, [after]).taken, [after], 'the others go on once those are set aside');
});

test('an unknown part inside a known event is unknown as well; wrong fields are wrong', () => {
  const [one] = keyed(notice('1'));
  const reasonOf = (event: unknown) => parts.intake.takeIn(source, [{ ...one, event }]).refused[0]?.reason;
  const tool = { ...ids, type: 'toolEnded', itemId: ids.item(), status: 'ok' };
  assert.equal(reasonOf({ ...tool, content: [{ type: 'picture' }] }), 'unsupported');
  assert.equal(reasonOf({ ...tool, content: [{ type: 'text' }] }), 'rejected');
  assert.equal(reasonOf({ ...tool, content: [{ type: 7 }] }), 'rejected');
  assert.equal(reasonOf({ type: 'notice', level: 'loud', text: '' }), 'rejected');
  assert.equal(reasonOf({}), 'rejected');
  assert.equal(reasonOf(null), 'rejected');
  assert.equal(parts.intake.takeIn(source, [{ ...one, sessionId: 'no id' }]).refused[0]?.reason, 'rejected');
  assert.throws(() => parts.intake.takeIn(source, [{ event: notice('1') }]), { code: 'badRequest' });
  assert.equal(parts.sessions.ackedSeq(source.agentId), 0);
});

test('an event whose effect fails is refused alone, told of once in the audit log, and taken when that is over', () => {
  const events = keyed(text(ids.item(), 0, 'before'), notice('odd'), text(ids.item(), 0, 'behind'));
  const relent = refuseNotices();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { refused } = parts.intake.takeIn(source, events);
    assert.deepEqual(
      refused.map(({ seq, reason, detail }) => ({ seq, reason, detail })),
      [{ seq: 2, reason: 'rejected', detail: 'no notices' }],
    );
  }
  assert.equal(parts.sessions.ackedSeq(source.agentId), 1);
  assert.deepEqual(auditEvents(kept.stores), ['event_refused']);
  relent();
  assert.deepEqual(parts.intake.takeIn(source, events), { taken: events.slice(1), refused: [] });
  assert.deepEqual(notices(), ['odd']);
});

test('a full disk refuses nothing, also when it fills in the middle of a batch', () => {
  const events = keyed(notice('1'), notice('2'));
  const makeRoom = fillDisk(kept.stores.sessions.db);
  const big = keyed(notice('x'.repeat(200_000)));
  assert.throws(() => parts.intake.takeIn(source, [...events, ...big]), { code: 'storage' });
  assert.deepEqual(auditEvents(kept.stores), []);
  makeRoom();
  assert.equal(parts.intake.takeIn(source, [...events, ...big]).taken.length, 3);
});

test('an event that was taken before it was refused has no second effect when it comes again under another number', () => {
  const [turn, odd] = keyed(turnStarted(ids.turn()), turnStarted(ids.turn()));
  assert.ok(turn && odd);
  parts.intake.takeIn(source, [turn]);
  // It was audited, but the other file did not take it.
  kept.stores.sessions.db.exec(`create trigger refuse before update on sessions begin select raise(abort, 'no turns'); end`);
  assert.equal(parts.intake.takeIn(source, [odd]).refused.length, 1);
  kept.stores.sessions.db.exec('drop trigger refuse');
  const again = requeued(odd);
  assert.deepEqual(parts.intake.takeIn(source, [again]).taken, [again]);
  const third = requeued(odd);
  assert.deepEqual(parts.intake.takeIn(source, [third]), { taken: [], refused: [] });
  assert.equal(parts.sessions.ackedSeq(source.agentId), third.seq, 'it is settled all the same');
  assert.deepEqual(auditEvents(kept.stores), ['turn_started', 'turn_started', 'event_refused']);
  assert.equal(parts.sessions.get(sessionId).turnCount, 2);
});

test('keys are forgotten after an hour, but never those of events that were refused', () => {
  let at = 1_000;
  const { intake, sessions } = eventIntake(kept.stores, () => at);
  const [plain, odd, later] = keyed(turnStarted(ids.turn()), turnStarted(ids.turn()), notice('later'));
  assert.ok(plain && odd && later);
  intake.takeIn(source, [plain, odd]);
  // Another build, which does not know it, is asked for it once more.
  intake.takeIn(source, [{ ...requeued(odd), event: { type: 'unheardOf' } }]);
  at += 2 * 60 * 60 * 1_000;
  intake.takeIn(source, [later, requeued(odd)]);
  const keys = () => kept.stores.sessions.db.prepare('select key from inbox order by key').pluck().all();
  assert.deepEqual(keys(), [odd.key, later.key].toSorted());
  assert.equal(sessions.get(sessionId).turnCount, 2);
  assert.deepEqual(intake.takeIn(source, [plain]), { taken: [], refused: [] }, 'its number is known');
});

test('the fence, an ended program, broken bounds and changed files leave audit rows', () => {
  const sandbox = { files: 'full', network: 'open', mode: 'preferred', layers: [], landlockAbi: 7, gaps: [], remedy: null } as const;
  parts.intake.takeIn(
    source,
    keyed(
      { type: 'fenced', sandbox: { ...sandbox, layers: ['landlock'], gaps: [] }, resources: { by: ['prlimit'], gaps: [] } },
      { type: 'programEnded', decision: 'restart', detail: 'It ended with code 1.', recentExits: 1, delayMs: 500 },
      { type: 'protocolError', problem: 'badFrame', offset: 3, bytes: 4, count: 5, detail: 'x' },
      { type: 'protectedChanged', changes: [{ path: '.mcp.json', change: 'added', restored: false }] },
    ),
  );
  assert.deepEqual(auditEvents(kept.stores), ['sandbox_state', 'program_restart_decided', 'protocol_error', 'protected_file_changed']);
  const detail = kept.stores.btmsg.db
    .prepare<[], string>("select detail from audit_log where event = 'program_restart_decided'")
    .pluck()
    .get();
  assert.match(JSON.parse(detail ?? '').id, new RegExp(`^provider-restart-decision-${sessionId}-\\d+$`));
});

test('what the disk or the database says is never held against an event', () => {
  const withCode = (code: string) => Object.assign(new Error('x'), { code });
  for (const error of [withCode('SQLITE_BUSY'), withCode('SQLITE_FULL'), withCode('SQLITE_IOERR_WRITE'), withCode('ENOSPC')])
    assert.equal(isFaultOfEvent(error), false);
  for (const code of ['storage', 'unavailable'] as const) assert.equal(isFaultOfEvent(new AgorError(code, 'x')), false);
  for (const error of [withCode('SQLITE_CONSTRAINT_TRIGGER'), withCode('ERR_INVALID_ARG_TYPE'), new TypeError('x')])
    assert.equal(isFaultOfEvent(error), true);
});
