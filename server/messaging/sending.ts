/** The two verbs that write: `send` and `reply`. What they acknowledge is on disk, and the same id again is the same message. */

import type { Clock } from '../base/clock.ts';
import { SenderRates } from '../base/sender-rates.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import type { MessageId, PartyId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import { attachedFiles } from './attached-files.ts';
import type { Channels } from './channels.ts';
import type { Deliveries } from './deliveries.ts';
import type { By, Directory, MessagingDeps } from './deps.ts';
import { type Draft, isSameContent, type Target } from './draft.ts';
import type { MessageFinder } from './message-finder.ts';
import type { MessageRow } from './message-store.ts';
import { messageText } from './message-text.ts';
import type { MessageViews } from './message-views.ts';
import type { Outgoing } from './outgoing.ts';
import { agentIdIn, isReachable } from './parties.ts';
import type { Records } from './records.ts';
import { noteFor } from './sender-note.ts';
import type { Pace, SendingRules } from './sending-rules.ts';

export type SendingDeps = {
  readonly file: RecordFile;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly channels: Channels;
  readonly finder: MessageFinder;
  readonly views: MessageViews;
  readonly rules: SendingRules;
  readonly outgoing: Outgoing;
  readonly directory: Directory;
  readonly presence: MessagingDeps['presence'];
  readonly currentSession: MessagingDeps['currentSession'];
  readonly setting: Setting;
  readonly now: () => number;
  readonly clock: Clock;
};

/** When it was written, and how the sender's allowance is counted then. */
export type Written = { readonly at: number; readonly pace: Pace };

export class Sending {
  readonly #deps: SendingDeps;
  readonly #rates: SenderRates;

  constructor(deps: SendingDeps) {
    this.#deps = deps;
    this.#rates = new SenderRates(() => deps.setting('messages.perMinute'));
  }

  send(params: Params<'message/send'>, by: By, written = this.#now()): Result<'message/send'> {
    const content = contentOf(params, by);
    const known = this.#known(content);
    if (known && isSameContent(known, content) && this.#isSameTarget(known, params, by.party)) return this.#answer(known);
    if (known) throw takenId(known.id);
    const target = this.#target(params, by.party);
    const { expectsReply = target.channel === null } = params;
    return this.#answer(this.#put({ ...content, target, expectsReply, at: written.at }, written));
  }

  reply(params: Params<'message/reply'>, by: By, written = this.#now()): Result<'message/reply'> {
    const replied = this.#deps.finder.find(params.message, by.party);
    const content = { ...contentOf(params, by), replied };
    const known = this.#known(content);
    if (known && isSameContent(known, content)) return this.#answer(known);
    if (known) throw takenId(known.id);
    const draft = { ...content, target: this.#replyTarget(replied, by.party), expectsReply: params.expectsReply ?? false, at: written.at };
    return this.#answer(this.#put(draft, written));
  }

  forget(party: PartyId): void {
    this.#rates.forget(party);
  }

  #now(): Written {
    return { at: this.#deps.now(), pace: (sender) => this.#rates.take(sender, this.#deps.clock.elapsed()) };
  }

  #put(draft: Draft, { pace }: Written): MessageRow {
    const { file, rules, outgoing } = this.#deps;
    const hops = rules.check(draft, pace);
    return file.write(() => {
      const message = outgoing.put(draft, hops);
      if (draft.replied) this.#markAnswered(draft.replied, draft);
      return message;
    });
  }

  #markAnswered({ id }: MessageRow, { by: { party, actor }, at }: Draft): void {
    const { records, deliveries, currentSession } = this.#deps;
    const own = records.deliveries.get(id, party);
    const agentId = agentIdIn(party);
    if (own) deliveries.answered(own, { by: 'command', sessionId: agentId && currentSession(agentId), at, actor });
  }

  #target({ to, team }: Params<'message/send'>, as: PartyId): Target {
    const { channels, directory } = this.#deps;
    if (to.startsWith('#')) {
      const channel = channels.find(to, team, as);
      channels.requireUse(channel, as);
      return { recipient: null, channel };
    }
    const recipient = directory.find(to, as);
    if (recipient === as)
      throw new AgorError('badRequest', 'A message to yourself reaches nobody. Name somebody else; "contacts" lists them.');
    return { recipient: this.#reachable(recipient), channel: null };
  }

  /** Whoever wrote it; what was written to a channel is answered there. */
  #replyTarget(replied: MessageRow, as: PartyId): Target {
    const { records, channels, directory } = this.#deps;
    const channel = replied.channelId === null ? undefined : records.channels.get(replied.channelId);
    if (channel) {
      channels.requireUse(channel, as);
      return { recipient: null, channel };
    }
    if (records.deliveries.get(replied.id, as) === undefined) {
      const whom = directory.party(replied.recipient ?? replied.sender).name;
      throw new AgorError('refused', `That message was for ${whom}, who alone can reply to it. Write a message of your own.`);
    }
    if (replied.sender === partyIds.system)
      throw new AgorError('refused', 'That is a notice of the backend, which reads no answers. Write to an agent or to the person.');
    return { recipient: this.#reachable(replied.sender), channel: null };
  }

  #reachable(party: PartyId): PartyId {
    if (isReachable(party, this.#deps.directory)) return party;
    throw new AgorError('notFound', `${this.#deps.directory.party(party).name} cannot be written to any more. "contacts" lists who can.`);
  }

  #known({ id }: Pick<Draft, 'id'>): MessageRow | undefined {
    return this.#deps.records.messages.get(id);
  }

  /** A recipient that is gone by now does not make it another message. */
  #isSameTarget(known: MessageRow, params: Params<'message/send'>, as: PartyId): boolean {
    try {
      const { recipient, channel } = this.#target(params, as);
      return recipient === known.recipient && (channel?.id ?? null) === known.channelId;
    } catch (error) {
      if (error instanceof AgorError) return true;
      throw error;
    }
  }

  #answer(row: MessageRow): Result<'message/send'> {
    const { records, views, directory, presence } = this.#deps;
    const note = noteFor(records.deliveries.ofMessage(row.id), { row, presence, nameOf: (id) => directory.party(id).name });
    return { message: views.message(row), note };
  }
}

type Content = Pick<Params<'message/send'>, 'text' | 'messageId' | 'attachments'>;

function contentOf({ text, messageId, attachments = [] }: Content, by: By): Pick<Draft, 'id' | 'by' | 'text' | 'files' | 'replied'> {
  return { id: messageId ?? newId<MessageId>(), by, text: messageText(text), files: attachedFiles(attachments), replied: null };
}

function takenId(id: MessageId): AgorError {
  return new AgorError('conflict', `There is another message with the id ${id}. Leave "messageId" away, or make a new one.`);
}
