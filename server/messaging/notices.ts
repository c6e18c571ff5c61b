/** Tells senders what became of their messages, in the name of the backend. */
import { newId } from '../base/uuid.ts';
import { type MessageId, type PartyId, shortId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Directory } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { excerptOf } from './message-text.ts';
import { type Outgoing, ownDraft } from './outgoing.ts';
import { isReachable } from './parties.ts';

export type NoticesDeps = { readonly outgoing: Outgoing; readonly directory: Directory; readonly now: () => number };

export class Notices {
  readonly #deps: NoticesDeps;

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  /** Never about a notice. One, for all that did not get it. */
  notDelivered(message: MessageRow, recipients: readonly PartyId[], reason: string): void {
    const { directory } = this.#deps;
    if (message.sender === partyIds.system) return;
    const names = recipients.map((id) => directory.party(id).name).join(', ');
    this.#tell(
      message.sender,
      `Your message ${shortId(message.id)} to ${names} was not delivered: ${reason} It is among the dead letters, from where the person can deliver it again. It began: "${excerptOf(message.body)}"`,
    );
  }

  /** Of one that was acknowledged without the backend, and could not be sent. */
  notSent(sender: PartyId, letter: { readonly to: string; readonly text: string }, reason: string): void {
    const to = letter.to === '' ? '' : ` to ${excerptOf(letter.to)}`;
    this.#tell(sender, `Your message${to} was not sent: ${reason} It began: "${excerptOf(letter.text)}"`);
  }

  #tell(to: PartyId, text: string): void {
    const { outgoing, directory, now } = this.#deps;
    if (!isReachable(to, directory)) return;
    outgoing.putOwn(ownDraft(newId<MessageId>(), { recipient: to, channel: null }, text, now()));
  }
}
