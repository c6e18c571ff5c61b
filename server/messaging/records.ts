/** All rows that the messages own. */
import type { Database } from '../store/open-database.ts';
import { AttachmentStore } from './attachment-store.ts';
import { ChannelStore } from './channel-store.ts';
import { DeadLetterStore } from './dead-letter-store.ts';
import { DeliveryStore } from './delivery-store.ts';
import { MessageStore } from './message-store.ts';
import { SeenStore } from './seen-store.ts';

export type Records = ReturnType<typeof openRecords>;

export function openRecords(db: Database) {
  return {
    messages: new MessageStore(db),
    deliveries: new DeliveryStore(db),
    channels: new ChannelStore(db),
    attachments: new AttachmentStore(db),
    seen: new SeenStore(db),
    deadLetters: new DeadLetterStore(db),
  };
}
