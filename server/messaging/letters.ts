/** A message as its agent reads it: in its envelope, which says where it comes from. */
import { type AgentId, PartyId } from '../protocol/ids.ts';
import type { CarriedMessage, MailItem } from '../protocol/message.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Directory, Letter, MessagingDeps, Seals } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { findingsOf, type MessageViews } from './message-views.ts';
import type { OwedReplies } from './owed-replies.ts';
import { agentIdIn } from './parties.ts';
import type { Records } from './records.ts';

/** A message, and what is known of its way to one agent. */
export type Waiting = { readonly delivery: DeliveryRow; readonly message: MessageRow };

export type LettersDeps = {
  readonly records: Records;
  readonly views: MessageViews;
  readonly directory: Directory;
  readonly seals: Pick<Seals, 'sealFor' | 'envelope' | 'markOf'>;
  readonly owed: Pick<OwedReplies, 'canBeAnswered'>;
  readonly attachmentPath: MessagingDeps['attachmentPath'];
};

export class Letters {
  readonly #deps: LettersDeps;

  constructor(deps: LettersDeps) {
    this.#deps = deps;
  }

  item(agentId: AgentId, waiting: Waiting): MailItem {
    return { ...this.carried(agentId, waiting.delivery), text: this.#deps.seals.envelope(this.#letter(agentId, waiting)) };
  }

  carried(agentId: AgentId, { messageId: id, maybeTaken, expectsReply }: DeliveryRow): CarriedMessage {
    const { records, directory, owed, seals } = this.#deps;
    const message = records.messages.get(id);
    return {
      id,
      mark: seals.markOf(id, agentId),
      from: message === undefined ? '' : directory.party(message.sender).name,
      expectsReply: expectsReply === 1 && message !== undefined && owed.canBeAnswered(message),
      isUncertain: maybeTaken === 1,
      attachments: records.attachments.ofMessage(id),
    };
  }

  #letter(agentId: AgentId, { message, delivery }: Waiting): Letter {
    const { records, views, directory, seals, attachmentPath } = this.#deps;
    const { id, sender, channelId, replyTo, body, sentAt } = message;
    const isOrder = views.isOrder(message);
    const isFromAgent = agentIdIn(sender) !== null;
    return {
      ...{ id, replyTo, body, sentAt, isOrder },
      fromName: directory.party(sender).name,
      fromRole: directory.isAgent(sender) ? directory.roleOf(sender) : isFromAgent ? 'removed' : sender,
      fromProject: directory.isAgent(sender) ? directory.projectName(sender) : null,
      toName: directory.party(PartyId.parse(agentId)).name,
      channelName: channelId === null ? null : (records.channels.get(channelId)?.name ?? null),
      seal: seals.sealFor(agentId),
      expectsReply: message.expectsReply === 1,
      findings: findingsOf(message),
      attachments: records.attachments
        .ofMessage(id)
        .map((file) => ({ name: file.name, bytes: file.bytes, path: attachmentPath(agentId, id, file.name) })),
      isRepeated: delivery.maybeTaken === 1,
    };
  }
}
