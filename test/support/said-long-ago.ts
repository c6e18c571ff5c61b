/** Messages that were delivered and settled long ago, many of them. */

import { newId } from '../../server/base/uuid.ts';
import { DeliveryStore } from '../../server/messaging/delivery-store.ts';
import { MessageStore } from '../../server/messaging/message-store.ts';
import { SeenStore } from '../../server/messaging/seen-store.ts';
import { type MessageId, PartyId, type SessionId } from '../../server/protocol/ids.ts';
import type { Stores } from '../../server/stores.ts';

const [lead, builder] = [PartyId.parse(newId<string>()), PartyId.parse(newId<string>())];
const sessionId = newId<SessionId>();
const atOnce = 1_000;
const sentence =
  'The build failed in packages/core because the type of the session is possibly undefined; I add a guard and run the tests again. ';

/** Their ids, in the order in which they were sent. */
export function sayLongAgo({ btmsg }: Stores, messages: number, sentAt: number): string[] {
  const [texts, deliveries, seen] = [new MessageStore(btmsg.db), new DeliveryStore(btmsg.db), new SeenStore(btmsg.db)];
  const ids: string[] = [];
  const say = (at: number) => {
    const id = newId<MessageId>();
    const place = texts.nextPlace();
    ids.push(id);
    texts.put({
      ...{ id, place, sender: lead, recipient: builder, channelId: null, teamId: null, threadId: id, replyTo: null },
      ...{ body: sentence.repeat(3) + place, expectsReply: 0, hops: 0, signature: null },
      ...{ verdict: 'deliver', findings: '[]', hold: 'none', sentAt: at },
    });
    deliveries.put({
      ...{ messageId: id, recipient: builder, place, expectsReply: 0, state: 'seen', deliveredBy: 'turn', promptId: null, sessionId },
      ...{ attempts: 0, maybeTaken: 0, nextAttemptAt: null, queuedAt: at, deliveredAt: at, seenAt: at, answeredAt: null, deadAt: null },
      ...{ expiresAt: null, reason: '' },
    });
    seen.put(sessionId, id, at);
  };
  for (let done = 0; done < messages; done += atOnce)
    btmsg.write(() => {
      for (let next = done; next < Math.min(done + atOnce, messages); next += 1) say(sentAt + next);
    });
  return ids;
}
