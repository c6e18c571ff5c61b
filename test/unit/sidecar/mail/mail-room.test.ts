import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../server/protocol/agent-event.ts';
import type { ItemId, MessageId, PromptId, SessionId, TurnId } from '../../../../server/protocol/ids.ts';
import type { MailItem } from '../../../../server/protocol/message.ts';
import { MailRoom } from '../../../../server/sidecar/mail/mail-room.ts';
import type { KnownMail } from '../../../../server/sidecar/mail/reply-obligations.ts';

let known: KnownMail;
let events: AgentEvent[];
let memory: ReadonlySet<string> | null;
let missingFiles: ReadonlySet<MessageId>;
let room: MailRoom;
let turnId: TurnId;
const session = newId<SessionId>();
const promptId = newId<PromptId>();

beforeEach(() => {
  known = { unread: [], owed: [], isKnown: true, ageMs: 10 };
  events = [];
  memory = null;
  missingFiles = new Set();
  room = new MailRoom({
    known: () => known,
    emit: (_, event) => void events.push(event),
    hasFiles: ({ id }) => !missingFiles.has(id),
    remembers: async (text) => memory?.has(text) ?? null,
    log: () => {},
  });
});

function message(text: string, fields: Partial<MailItem> = {}): MailItem {
  const id = newId<MessageId>();
  return { id, mark: `mark of ${id}`, from: 'lead', expectsReply: false, isUncertain: false, attachments: [], text, ...fields };
}

function beginTurn(promptIds = [promptId]): void {
  turnId = newId<TurnId>();
  room.heard(session, { type: 'turnStarted', turnId, promptIds });
}

function endTurn(reason: 'completed' | 'crashed' = 'completed'): void {
  room.heard(session, { type: 'turnEnded', turnId, reason, failure: null });
}

function says(): void {
  room.heard(session, { type: 'text', itemId: newId<ItemId>(), offset: 0, text: 'Aha.' });
}

const given = () => events.flatMap((event) => (event.type === 'mailGiven' ? event.messageIds : []));
const seen = () => events.flatMap((event) => (event.type === 'mailSeen' ? event.messageIds : []));

describe('the mail room', () => {
  it('gives what waits at the end of a turn, with what is owed, and only once', () => {
    const first = message('One.');
    known = { ...known, unread: [first], owed: [{ id: newId<MessageId>(), from: 'lead', excerpt: 'Well?', sentAt: 1 }] };
    beginTurn();
    const answer = room.stop(session, { isRepeat: false });
    assert.match(answer?.block ?? '', /You have mail[\s\S]*One\.[\s\S]*You owe a reply[\s\S]*from lead/);
    assert.doesNotMatch(answer?.block ?? '', /Well\?/, 'what others wrote stands in its envelope only');
    assert.deepEqual(given(), [first.id]);
    assert.equal(room.stop(session, { isRepeat: false }), null, 'a turn is held once');
  });

  it('holds the turn in which a question came to its answer, before the backend has said that it is owed', async () => {
    const question = message('Well?', { expectsReply: true });
    await room.take(session, { promptId, mail: [question] });
    beginTurn();
    says();
    assert.match(room.stop(session, { isRepeat: false })?.block ?? '', new RegExp(`You owe a reply[^]*${question.id.slice(-8)} from lead`));
  });

  it('does not ask for an answer that was just given, whatever part of the id was named', async () => {
    const question = message('Well?', { expectsReply: true });
    known = { ...known, owed: [{ id: question.id, from: 'lead', excerpt: 'Well?', sentAt: 1 }] };
    await room.take(session, { promptId, mail: [question] });
    beginTurn();
    room.answered(session, question.id.slice(-8));
    assert.equal(room.stop(session, { isRepeat: false }), null);
  });

  it('lets a turn end that was held before, and one that owes nothing', () => {
    beginTurn();
    assert.equal(room.stop(session, { isRepeat: false }), null);
    known = { ...known, unread: [message('One.')] };
    assert.equal(room.stop(session, { isRepeat: true }), null);
  });

  it('lets a turn end when it is unknown what is owed', () => {
    known = { ...known, unread: [message('One.')], isKnown: false, ageMs: null };
    beginTurn();
    assert.equal(room.stop(session, { isRepeat: false }), null);
    assert.deepEqual(events, []);
  });

  it('holds the next turn to what is still owed', () => {
    known = { ...known, owed: [{ id: newId<MessageId>(), from: 'lead', excerpt: 'Well?', sentAt: 1 }] };
    beginTurn();
    assert.ok(room.stop(session, { isRepeat: false }));
    endTurn();
    beginTurn();
    assert.ok(room.stop(session, { isRepeat: false }));
  });

  it('calls mail seen once the program shows a sign of life, and not before', () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    beginTurn();
    room.stop(session, { isRepeat: false });
    assert.deepEqual(seen(), []);
    says();
    says();
    assert.deepEqual(seen(), [first.id]);
  });

  it('gives mail beside a prompt that is about something else, in its order', () => {
    const mail = [message('One.'), message('Two.')];
    known = { ...known, unread: mail };
    assert.match(room.besides(session) ?? '', /You have mail[\s\S]*One\.[\s\S]*Two\./);
    assert.deepEqual(
      given(),
      mail.map(({ id }) => id),
    );
    assert.equal(room.besides(session), undefined);
  });

  it('refuses a prompt with mail that the session was given by another way', async () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    beginTurn();
    room.stop(session, { isRepeat: false });
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), [first.id]);
  });

  it('does not give by a hook what a prompt carries', async () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), []);
    beginTurn();
    assert.equal(room.stop(session, { isRepeat: false }), null);
  });

  it('asks the program’s memory about mail that it may have', async () => {
    const [had, lost] = [message('One.', { isUncertain: true }), message('Two.', { isUncertain: true })];
    memory = new Set([had.mark]);
    assert.deepEqual(await room.take(session, { promptId, mail: [had, lost] }), [had.id]);
    assert.deepEqual(seen(), [had.id]);
    assert.deepEqual(await room.take(session, { promptId, mail: [lost] }), []);
  });

  it('gives again what a crashed turn had not shown to have', async () => {
    const first = message('One.');
    await room.take(session, { promptId, mail: [first] });
    beginTurn();
    endTurn('crashed');
    assert.deepEqual(seen(), []);
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), []);
  });

  it('gives nothing beside a prompt that a crashed turn may have left there, before the backend has said so', async () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    beginTurn();
    room.stop(session, { isRepeat: false });
    endTurn('crashed');
    assert.equal(room.besides(session), undefined);
    memory = new Set([first.mark]);
    assert.deepEqual(await room.take(session, { promptId, mail: [{ ...first, isUncertain: true }] }), [first.id]);
  });

  it('takes no sign of a turn that the program began by itself for one that it has what a later prompt carries', async () => {
    const first = message('One.', { expectsReply: true });
    beginTurn([]);
    await room.take(session, { promptId, mail: [first] });
    says();
    assert.equal(room.stop(session, { isRepeat: false }), null, 'nor is it owed there');
    endTurn();
    assert.deepEqual(seen(), []);
    beginTurn();
    endTurn('crashed');
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), []);
    beginTurn();
    says();
    assert.deepEqual(seen(), [first.id]);
  });

  it('keeps the order: nothing goes by a hook past mail that has to be a turn of its own', () => {
    const mail = [message('One.'), message('Two.', { isUncertain: true }), message('Three.')];
    known = { ...known, unread: mail };
    beginTurn();
    room.stop(session, { isRepeat: false });
    assert.deepEqual(given(), [mail[0]?.id]);
    missingFiles = new Set([newId<MessageId>()]);
  });

  it('waits with a message until its files are there', () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    missingFiles = new Set([first.id]);
    beginTurn();
    assert.equal(room.stop(session, { isRepeat: false }), null);
  });

  it('bounds what is given at once', () => {
    known = { ...known, unread: Array.from({ length: 50 }, (_, index) => message(`${index} ${'x'.repeat(4_000)}`)) };
    assert.ok((room.besides(session) ?? '').length < 60_000);
    assert.ok(given().length > 5);
  });

  it('does not give what the agent read by itself', () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    room.read(session, first.id);
    assert.equal(room.besides(session), undefined);
  });

  it('begins anew with another session', async () => {
    const first = message('One.');
    await room.take(session, { promptId, mail: [first] });
    assert.deepEqual(await room.take(newId<SessionId>(), { promptId, mail: [first] }), []);
  });

  it('takes back nothing that the session was given by another way', async () => {
    const first = message('One.');
    known = { ...known, unread: [first] };
    beginTurn();
    room.stop(session, { isRepeat: false });
    room.putBack(promptId);
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), [first.id]);
  });

  it('takes back what could not be given', async () => {
    const first = message('One.');
    await room.take(session, { promptId, mail: [first] });
    room.putBack(promptId);
    assert.deepEqual(await room.take(session, { promptId, mail: [first] }), []);
  });
});
