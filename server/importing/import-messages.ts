/** Messages, as read long ago: nothing that an import brings is ever given to an agent. */
import { newId } from '../base/uuid.ts';
import type { HashedTable } from '../store/hashed-table.ts';
import type { OriginalRow } from '../store/original-database.ts';
import { left, partyOf } from './import-agents.ts';
import { createdAt, type ImportWork, keyBy, nextNumber, ownId, screened, tableOf, takeTable } from './import-work.ts';
import { numberOf, textOf, timeOf } from './original-values.ts';

const unread = 'imported; it was unread there';

export function importMessages(work: ImportWork): void {
  const mail = new OldMail(work);
  takeTable(work, { table: 'messages', keyOf: keyBy('id'), take: (row, key) => mail.direct(row, key) });
  takeTable(work, { table: 'channel_messages', keyOf: keyBy('id'), take: (row, key) => mail.toChannel(row, key) });
  takeTable(work, { table: 'dead_letter_queue', keyOf: keyBy('id'), take: (row, key) => mail.deadLetter(row, key) });
  takeTable(work, { table: 'seen_messages', keyOf: keyBy('session_id', 'message_id'), take: (row, key) => mail.seen(row, key) });
}

type End = { readonly state: 'seen' | 'dead'; readonly at: number; readonly reason: string };
type Sent = { readonly id: string; readonly place: number; readonly at: number };

class OldMail {
  readonly #work: ImportWork;
  readonly #nextPlace: () => number;
  readonly #messages: HashedTable;
  readonly #deliveries: HashedTable;
  readonly #deadLetters: HashedTable;
  readonly #seen: HashedTable;
  readonly #threadOf;
  readonly #membersOf;

  constructor(work: ImportWork) {
    this.#work = work;
    this.#nextPlace = nextNumber(work, 'select max(place) from messages');
    this.#messages = tableOf(work, 'messages');
    this.#deliveries = tableOf(work, 'deliveries');
    this.#deadLetters = tableOf(work, 'dead_letter_queue');
    this.#seen = tableOf(work, 'seen_messages');
    this.#threadOf = work.db.prepare<[string], string>('select thread_id from messages where id = ?').pluck();
    this.#membersOf = work.db.prepare<[string], string>('select party from channel_members where channel_id = ?').pluck();
  }

  direct(row: OriginalRow, key: string): string {
    const recipient = partyOf(this.#work, textOf(row, 'to_agent'));
    const sent = this.#send(row, 'messages', { id: ownId(this.#work, 'messages', key), recipient });
    const isRead = numberOf(row, 'read') === 1;
    this.#end(sent, recipient, isRead ? { state: 'seen', at: sent.at, reason: '' } : { state: 'dead', at: this.#now, reason: unread });
    return sent.id;
  }

  /** The original keeps no record of who read what in a channel. */
  toChannel(row: OriginalRow, key: string): string | undefined {
    const channel = this.#work.record.localId('channels', textOf(row, 'channel_id') ?? '');
    if (channel === undefined) return left(this.#work, 'A message to a channel that is not there was left.');
    const sent = this.#send(row, 'channel_messages', { id: ownId(this.#work, 'messages', key), channel_id: channel });
    const sender = partyOf(this.#work, textOf(row, 'from_agent'));
    for (const member of this.#membersOf.all(channel))
      if (member !== sender) this.#end(sent, member, { state: 'seen', at: sent.at, reason: '' });
    return sent.id;
  }

  /** Settled, so that nobody sends it again by mistake. */
  deadLetter(row: OriginalRow, key: string): string {
    const recipient = partyOf(this.#work, textOf(row, 'to_agent'));
    const error = textOf(row, 'error') ?? 'imported; its reason is not known';
    const sent = this.#send(row, 'dead_letter_queue', { id: newId<string>(), recipient });
    this.#end(sent, recipient, { state: 'dead', at: sent.at, reason: error });
    const id = ownId(this.#work, 'dead_letter_queue', key);
    this.#deadLetters.insert({
      id,
      message_id: sent.id,
      from_agent: partyOf(this.#work, textOf(row, 'from_agent')),
      to_agent: recipient,
      content: textOf(row, 'content') ?? '',
      error,
      created_at: sent.at,
      settlement: 'discarded',
      settled_at: this.#now,
    });
    return id;
  }

  seen(row: OriginalRow, key: string): string | undefined {
    const message = this.#work.record.localId('messages', textOf(row, 'message_id') ?? '');
    if (message === undefined) return left(this.#work, 'That a session saw a message which is not there was left.');
    this.#seen.insert({ session_id: textOf(row, 'session_id') ?? '', message_id: message, seen_at: timeOf(row, 'seen_at') ?? this.#now });
    return key;
  }

  #send(row: OriginalRow, table: string, to: { readonly id: string; readonly recipient?: string; readonly channel_id?: string }): Sent {
    const sent = { id: to.id, place: this.#nextPlace(), at: createdAt(row, this.#work, table) };
    const body = textOf(row, 'content') ?? '';
    const { verdict, isHeld, findings } = screened(this.#work, body, 'message');
    this.#messages.insert({
      ...to,
      place: sent.place,
      sender: partyOf(this.#work, textOf(row, 'from_agent')),
      team_id: textOf(row, 'group_id') ?? textOf(row, 'sender_group_id') ?? null,
      ...this.#threadFrom(row, to.id),
      body,
      expects_reply: 0,
      hops: 0,
      verdict,
      findings,
      hold: isHeld ? 'waiting' : 'none',
      sent_at: sent.at,
    });
    return sent;
  }

  #threadFrom(row: OriginalRow, id: string): { readonly thread_id: string; readonly reply_to: string | null } {
    const original = textOf(row, 'reply_to');
    if (original === undefined) return { thread_id: id, reply_to: null };
    const parent = this.#work.record.localId('messages', original);
    if (parent !== undefined) return { thread_id: this.#threadOf.get(parent) ?? parent, reply_to: parent };
    this.#work.record.note('A reply to a message that is not there, or is younger, begins a thread of its own.');
    return { thread_id: id, reply_to: null };
  }

  #end({ id, place, at }: Sent, recipient: string, end: End): void {
    const seenAt = end.state === 'seen' ? end.at : null;
    this.#deliveries.insert({
      message_id: id,
      recipient,
      place,
      expects_reply: 0,
      state: end.state,
      attempts: 0,
      maybe_taken: 0,
      queued_at: at,
      delivered_at: seenAt,
      seen_at: seenAt,
      dead_at: end.state === 'dead' ? end.at : null,
      reason: end.reason,
    });
  }

  get #now(): number {
    return this.#work.startedAt;
  }
}
