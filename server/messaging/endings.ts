/** Gives up what waited for too long, or for somebody who is gone, and tells its sender. */
import type { Clock } from '../base/clock.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, type MessageId, PartyId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Deliveries } from './deliveries.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Directory, MessagingDeps } from './deps.ts';
import type { News } from './news.ts';
import type { Notices } from './notices.ts';
import { agentIdIn } from './parties.ts';
import type { Records } from './records.ts';
import { dateText } from './sender-note.ts';

export type EndingsDeps = Pick<MessagingDeps, 'now' | 'log'> & {
  readonly file: RecordFile;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly notices: Notices;
  readonly news: News;
  readonly directory: Directory;
  readonly clock: Clock;
};

const sweepEveryMs = 30_000;
/** In one transaction. */
const atOnce = 200;

type Reason = (row: DeliveryRow) => string;

export class Endings {
  readonly #deps: EndingsDeps;
  #callOff: () => void = () => {};

  constructor(deps: EndingsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(sweepEveryMs, () => this.start());
    try {
      this.sweep();
    } catch (error) {
      // A full disk is told by whoever asks for something; what is due is still due at the next sweep.
      if (!(error instanceof AgorError)) throw error;
      this.#deps.log('expired messages could not be given up', { err: error });
    }
  }

  close(): void {
    this.#callOff();
  }

  /** Expired: dead. Due again: whoever delivers is told. */
  sweep(): void {
    const { records, now, news } = this.#deps;
    for (;;) {
      const expired = records.deliveries.expired(now(), atOnce);
      if (expired.length === 0) break;
      this.#giveUp(expired, ({ expiresAt }) => `it waited until ${dateText(expiresAt ?? now())} and was not taken.`);
    }
    for (const agentId of records.deliveries.waitingAgain().flatMap((party) => agentIdIn(party) ?? [])) news.ofMail(agentId);
  }

  /** Its mail dies with it, and it leaves its channels. */
  agentRemoved(agentId: AgentId): void {
    const { file, records } = this.#deps;
    const party = PartyId.parse(agentId);
    file.write(() => {
      const open = records.deliveries.open(party);
      this.#giveUp(open, () => 'it was removed before it had it.');
      for (const { messageId, state } of open) if (state === 'held') this.#endHold(messageId);
      records.channels.leaveAll(party);
    });
  }

  #giveUp(rows: readonly DeliveryRow[], reasonOf: Reason): void {
    const { file, deliveries, now } = this.#deps;
    file.write(() => {
      const untold = new Map<MessageId, DeliveryRow[]>();
      for (const row of rows) {
        const isFirst = deliveries.bury(row, { at: now(), reason: reasonOf(row), event: 'message_dead', actor: 'backend' });
        if (isFirst) untold.set(row.messageId, [...(untold.get(row.messageId) ?? []), row]);
      }
      for (const dead of untold.values()) this.#tell(dead, reasonOf);
    });
  }

  #tell(dead: readonly DeliveryRow[], reasonOf: Reason): void {
    const [first] = dead;
    const message = first && this.#deps.records.messages.get(first.messageId);
    const recipients = dead.map(({ recipient }) => recipient);
    if (message) this.#deps.notices.notDelivered(message, recipients, reasonOf(first));
  }

  /** There is nothing left to release when nobody is kept from it any more. */
  #endHold(messageId: MessageId): void {
    const { records, news } = this.#deps;
    const message = records.messages.get(messageId);
    if (!message || records.deliveries.ofMessage(messageId).some(({ state }) => state === 'held')) return;
    records.messages.put({ ...message, hold: 'discarded' });
    news.ofHeld();
  }
}
