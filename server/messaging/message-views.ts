/** Messages, channels and dead letters as others see them, from their rows. */
import * as z from 'zod/mini';
import { ChannelId, type MessageId, PartyId } from '../protocol/ids.ts';
import type { Channel, DeadLetter, DeliveryReport, Message } from '../protocol/message.ts';
import { Finding, type HeldItem } from '../protocol/screening.ts';
import type { Party } from '../protocol/team.ts';
import type { ChannelRow } from './channel-store.ts';
import type { DeadLetterRow } from './dead-letter-store.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Directory, Seals } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { signedFields } from './orders.ts';
import type { Records } from './records.ts';

export type ViewsDeps = { readonly records: Records; readonly directory: Directory; readonly seals: Pick<Seals, 'isSigned'> };

export type Page = { readonly messages: Message[]; readonly hasEarlier: boolean };

/** Well below what fits into a frame. */
const maxPageBytes = 4 * 1024 * 1024;
/** Of a message, besides its text. */
const bytesOfTheRest = 2_000;
const Findings = z.array(Finding);
/** What a party's id can be; a dead letter may name somebody who never was. */
const partyShape = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|person|assistant|system|former:.*)$/;

export class MessageViews {
  readonly #deps: ViewsDeps;

  constructor(deps: ViewsDeps) {
    this.#deps = deps;
  }

  message(row: MessageRow): Message {
    const { records, directory } = this.#deps;
    const { id, teamId, threadId, replyTo, hops, verdict, sentAt, body, recipient } = row;
    return {
      ...{ id, teamId, threadId, replyTo, hops, verdict, sentAt, text: body },
      from: directory.party(row.sender),
      to: recipient === null ? null : directory.party(recipient),
      channel: this.#channelRef(row),
      expectsReply: row.expectsReply === 1,
      isOrder: this.isOrder(row),
      attachments: records.attachments.ofMessage(id),
      findings: findingsOf(row),
      deliveries: records.deliveries.ofMessage(id).map((delivery) => this.#delivery(delivery)),
    };
  }

  get(id: MessageId): Message | undefined {
    const row = this.#deps.records.messages.get(id);
    return row && this.message(row);
  }

  /**
   * The newest of those given that fit, oldest first. They are one more than `limit` when there are earlier ones; what
   * is not shown to the reader is left out.
   */
  page(newestFirst: readonly MessageRow[], limit: number, isShown: (row: MessageRow) => boolean): Page {
    const kept = fitting(newestFirst.slice(0, limit));
    const messages = kept.filter(isShown).map((row) => this.message(row));
    return { messages: messages.reverse(), hasEarlier: kept.length < newestFirst.length };
  }

  /** Those at the front that fit into an answer. */
  firstOf(rows: readonly MessageRow[]): Message[] {
    return fitting(rows).map((row) => this.message(row));
  }

  isOrder(row: MessageRow): boolean {
    return row.signature !== null && this.#deps.seals.isSigned(signedFields(row), row.signature);
  }

  channel(row: ChannelRow): Channel {
    const { records, directory } = this.#deps;
    const members = records.channels.members(row.id).map((id) => directory.party(id));
    return { id: row.id, name: row.name, teamId: row.teamId, createdBy: directory.party(row.createdBy), createdAt: row.createdAt, members };
  }

  deadLetter({ sender, recipient, ...row }: DeadLetterRow): DeadLetter {
    return { ...row, from: this.#party(sender), to: this.#party(recipient) };
  }

  held(row: MessageRow): HeldItem {
    const { directory } = this.#deps;
    const to = row.recipient === null ? `#${this.#channelRef(row)?.name ?? ''}` : directory.party(row.recipient).name;
    const from = directory.party(row.sender).name;
    return { id: row.id, kind: 'message', from, to, text: row.body, findings: findingsOf(row), heldAt: row.sentAt };
  }

  #channelRef({ channelId }: MessageRow): Message['channel'] {
    if (channelId === null) return null;
    return { id: channelId, name: this.#deps.records.channels.get(ChannelId.parse(channelId))?.name ?? 'unknown' };
  }

  #delivery(row: DeliveryRow): DeliveryReport {
    const { state, deliveredBy, queuedAt, deliveredAt, seenAt, answeredAt, deadAt, expiresAt, reason } = row;
    const to = this.#deps.directory.party(row.recipient);
    return { to, state, by: deliveredBy, queuedAt, deliveredAt, seenAt, answeredAt, deadAt, expiresAt, reason };
  }

  #party(id: string): Party {
    const partyId = PartyId.parse(id);
    return partyShape.test(id) ? this.#deps.directory.party(partyId) : { id: partyId, name: id };
  }
}

/** As many as fit, at least one. */
function fitting(rows: readonly MessageRow[]): MessageRow[] {
  let bytes = 0;
  const tooMuch = rows.findIndex(({ body }, index) => {
    bytes += Buffer.byteLength(body) + bytesOfTheRest;
    return index > 0 && bytes > maxPageBytes;
  });
  return tooMuch === -1 ? [...rows] : rows.slice(0, tooMuch);
}

/** None for a row that the disk gave back damaged: the message can still be read. */
export function findingsOf({ findings }: MessageRow): Finding[] {
  try {
    return z.parse(Findings, JSON.parse(findings));
  } catch {
    return [];
  }
}
