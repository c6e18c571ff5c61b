/** A data directory with many messages that were delivered and settled long ago. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../../server/base/data-paths.ts';
import { newId } from '../../server/base/uuid.ts';
import { DeliveryStore } from '../../server/messaging/delivery-store.ts';
import { MessageStore } from '../../server/messaging/message-store.ts';
import { SeenStore } from '../../server/messaging/seen-store.ts';
import { type MessageId, PartyId, type SessionId } from '../../server/protocol/ids.ts';
import { openStores, type Stores } from '../../server/stores.ts';

const [lead, builder] = [PartyId.parse(newId<string>()), PartyId.parse(newId<string>())];
const atOnce = 1_000;
const sentence =
  'The build failed in packages/core because the type of the session is possibly undefined; I add a guard and run the tests again. ';

export type Filled = { readonly dir: string; readonly stores: Stores; remove(): void };

export function fillWithOld(messages: number, sentAt: number): Filled {
  const dir = mkdtempSync(join(tmpdir(), 'agor-bench-retention-'));
  const stores = openStores(dataPaths(dir));
  const { btmsg } = stores;
  const [texts, deliveries, seen] = [new MessageStore(btmsg.db), new DeliveryStore(btmsg.db), new SeenStore(btmsg.db)];
  const sessionId = newId<SessionId>();
  const one = (place: number) => {
    const id = newId<MessageId>();
    const at = sentAt + place;
    texts.put({
      ...{ id, place, sender: lead, recipient: builder, channelId: null, teamId: null, threadId: id, replyTo: null },
      ...{
        body: sentence.repeat(3) + place,
        expectsReply: 0,
        hops: 0,
        signature: null,
        verdict: 'deliver',
        findings: '[]',
        hold: 'none',
        sentAt: at,
      },
    });
    deliveries.put({
      ...{ messageId: id, recipient: builder, place, expectsReply: 0, state: 'seen', deliveredBy: 'turn', promptId: null, sessionId },
      ...{ attempts: 0, maybeTaken: 0, nextAttemptAt: null, queuedAt: at, deliveredAt: at, seenAt: at, answeredAt: null, deadAt: null },
      ...{ expiresAt: null, reason: '' },
    });
    seen.put(sessionId, id, at);
  };
  for (let place = 1; place <= messages; place += atOnce)
    btmsg.write(() => {
      for (let next = place; next < Math.min(place + atOnce, messages + 1); next += 1) one(next);
    });
  return {
    dir,
    stores,
    remove() {
      stores.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
