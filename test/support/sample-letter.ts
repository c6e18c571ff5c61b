/** A plain message on its way from an agent to its reviewer. */
import { newId } from '../../server/base/uuid.ts';
import type { EnvelopeInput } from '../../server/moderation/envelope.ts';
import type { MessageId } from '../../server/protocol/ids.ts';

export const sampleLetter: EnvelopeInput = {
  id: newId<MessageId>(),
  fromName: 'builder',
  fromRole: 'project',
  fromProject: 'shop',
  toName: 'reviewer',
  channelName: null,
  sentAt: Date.UTC(2026, 10, 29, 1, 33, 18),
  isOrder: false,
  seal: 'K7QW2M9ZP4TD',
  expectsReply: true,
  replyTo: null,
  findings: [],
  attachments: [],
  body: 'Please look at src/cart.ts.',
  isRepeated: false,
};
