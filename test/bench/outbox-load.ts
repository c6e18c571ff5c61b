/** The product's own outbox and delivery under load, with a backend that takes everything at once. */
import { systemClock } from '../../server/base/clock.ts';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { ItemId, SessionId } from '../../server/protocol/ids.ts';
import { Delivery } from '../../server/sidecar/delivery.ts';
import type { Outbox } from '../../server/sidecar/outbox.ts';
import { openOutbox } from '../../server/sidecar/outbox-file.ts';
import { batchLimit, type SentEvent } from '../../server/sidecar/sent-events.ts';
import { removeDatabase } from './outbox-peers.ts';

const sessionId = newId<SessionId>();
const itemId = newId<ItemId>();
const said = 'The build failed in packages/core because the type of `session` is possibly undefined; I will add a guard and run again. ';

/** As many events of about 480 bytes each. */
export function someEvents(count: number): AgentEvent[] {
  return Array.from({ length: count }, (_, index) => ({ type: 'text', itemId, offset: index, text: said.repeat(3) + index }));
}

export class OutboxLoad {
  readonly outbox: Outbox;
  readonly #path: string;
  readonly #delivery: Delivery;
  #takenCount = 0;
  #awaited: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(path: string) {
    this.#path = path;
    this.outbox = openOutbox(path, { onFlushed: () => this.#delivery.drain() });
    this.#delivery = new Delivery({
      outbox: this.outbox,
      barrierSeq: () => Number.POSITIVE_INFINITY,
      onSettled: () => this.#settled(),
      clock: systemClock,
      random: Math.random,
      log: () => {},
    });
  }

  /** From now on a backend is there. */
  connect(): void {
    this.#delivery.connected({ send: (events) => this.#take(events), build: 'bench' });
  }

  append(event: AgentEvent): Promise<number> {
    return this.outbox.append({ at: Date.now(), sessionId, event });
  }

  /** Resolves when the backend has so many. */
  taken(count: number): Promise<void> {
    if (this.#takenCount >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaited = { count, resolve };
    });
  }

  /** The oldest `count` go to a backend that is there for no more than that. */
  async take(count: number): Promise<void> {
    const upToSeq = this.outbox.ackedSeq + count;
    while (this.outbox.ackedSeq < upToSeq) {
      const { events } = this.outbox.lend({ ...batchLimit, upToSeq });
      this.outbox.settle(await this.#take(events), { build: 'bench', now: 0, random: 0 });
    }
  }

  close(): void {
    this.#delivery.stop();
    this.outbox.close();
    removeDatabase(this.#path);
  }

  async #take(events: readonly SentEvent[]): Promise<{ ackedSeq: number }> {
    return { ackedSeq: events.at(-1)?.seq ?? 0 };
  }

  #settled(): void {
    this.#takenCount = this.outbox.ackedSeq;
    if (this.#awaited && this.#takenCount >= this.#awaited.count) this.#awaited.resolve();
  }
}
