/** What a party owes an answer to. */
import type { PartyId } from '../protocol/ids.ts';
import type { OwedReply } from '../protocol/message.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Directory } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { excerptOf } from './message-text.ts';
import { isReachable } from './parties.ts';
import type { Records } from './records.ts';

export type OwedDeps = { readonly records: Records; readonly directory: Directory; readonly setting: Setting };

const shown = 50;
/** Some of them are owed to agents that are gone. */
const lookedAt = 500;

export class OwedReplies {
  readonly #deps: OwedDeps;

  constructor(deps: OwedDeps) {
    this.#deps = deps;
  }

  /** The newest first. Nothing is owed where an answer could not be sent: to who is gone, or where it would only go on a loop. */
  of(party: PartyId): OwedReply[] {
    const { records, directory } = this.#deps;
    const asked = records.deliveries.owed(party, lookedAt).flatMap(({ messageId }) => records.messages.get(messageId) ?? []);
    return asked
      .filter((row) => this.#canBeAnswered(row))
      .slice(0, shown)
      .map(({ id, sender, body, sentAt }) => ({ id, from: directory.party(sender).name, excerpt: excerptOf(body), sentAt }));
  }

  #canBeAnswered({ sender, hops }: MessageRow): boolean {
    return isReachable(sender, this.#deps.directory) && hops < this.#deps.setting('messages.maxHops');
  }
}
