/** Messages that the screening holds back until a person has looked at them. */
import type { AuditLog } from '../audit/audit-log.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PartyId } from '../protocol/ids.ts';
import type { HeldItem } from '../protocol/screening.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Deliveries } from './deliveries.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Directory } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import type { MessageViews } from './message-views.ts';
import type { News } from './news.ts';
import type { Notices } from './notices.ts';
import { agentIdIn, isReachable } from './parties.ts';
import type { Records } from './records.ts';

export type HeldDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly notices: Notices;
  readonly views: MessageViews;
  readonly news: News;
  readonly directory: Directory;
  readonly now: () => number;
};

const discardedReason = 'the person discarded it, because of what the screening found in it.';

export class HeldMessages {
  readonly #deps: HeldDeps;

  constructor(deps: HeldDeps) {
    this.#deps = deps;
  }

  held(): HeldItem[] {
    return this.#deps.records.messages.held().map((row) => this.#deps.views.held(row));
  }

  /** It goes on its way as if it had not been held. `by`: the door. */
  release(id: string, by: string): HeldItem {
    const message = this.#waiting(id);
    return this.#settle(message, { hold: 'none', event: 'held_released', by }, (row, move) => {
      const { directory, deliveries } = this.#deps;
      if (isReachable(row.recipient, directory)) deliveries.revive(row, move);
      else deliveries.bury(row, { ...move, reason: 'it was removed before it had it.' });
    });
  }

  /** It becomes a dead letter, and its sender is told. */
  discard(id: string, by: string): HeldItem {
    const { deliveries, notices, file } = this.#deps;
    const message = this.#waiting(id);
    return file.write(() => {
      const recipients: PartyId[] = [];
      const item = this.#settle(message, { hold: 'discarded', event: 'held_discarded', by }, (row, move) => {
        deliveries.bury(row, { ...move, reason: discardedReason });
        recipients.push(row.recipient);
      });
      if (recipients.length > 0) notices.notDelivered(message, recipients, discardedReason);
      return item;
    });
  }

  #settle(message: MessageRow, { hold, event, by }: Settlement, each: (row: DeliveryRow, move: Move) => void): HeldItem {
    const { file, audit, records, views, news, now } = this.#deps;
    const move = { at: now(), event, actor: by };
    file.write(() => {
      records.messages.put({ ...message, hold });
      const held = records.deliveries.ofMessage(message.id).filter(({ state }) => state === 'held');
      for (const row of held) each(row, move);
      // A channel without agents had nobody to be kept from it yet.
      if (held.length === 0) audit.append({ ...move, agentId: agentIdIn(message.sender), detail: { messageId: message.id } });
    });
    news.ofMessage(message.id);
    news.ofHeld();
    return views.held(message);
  }

  #waiting(id: string): MessageRow {
    const message = this.#deps.records.messages.get(id);
    if (message?.hold === 'waiting') return message;
    throw new AgorError('conflict', 'That message is not held back any more. Nothing was changed.');
  }
}

type Move = { readonly at: number; readonly event: 'held_released' | 'held_discarded'; readonly actor: string };
type Settlement = { readonly hold: MessageRow['hold']; readonly event: Move['event']; readonly by: string };
