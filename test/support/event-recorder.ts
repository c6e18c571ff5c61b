/** Keeps what an adapter emits, and lets a test wait for it. */
import type { AgentEvent } from '../../server/protocol/agent-event.ts';

export type EventOf<Type extends AgentEvent['type']> = Extract<AgentEvent, { type: Type }>;
type Waiter = { readonly type: AgentEvent['type']; readonly take: (event: AgentEvent) => void };

const patienceMs = 20_000;

export class EventRecorder {
  readonly events: AgentEvent[] = [];
  #waiters: Waiter[] = [];
  /** Events before this index have been waited for. */
  #read = 0;

  readonly emit = (event: AgentEvent): void => {
    this.events.push(event);
    const waiter = this.#waiters.find(({ type }) => type === event.type);
    if (!waiter) return;
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    this.#read = this.events.length;
    waiter.take(event);
  };

  /** The next event of that type after the last one waited for. */
  async next<Type extends AgentEvent['type']>(type: Type): Promise<EventOf<Type>> {
    const at = this.events.findIndex((event, index) => index >= this.#read && event.type === type);
    if (at !== -1) this.#read = at + 1;
    const found = this.events[at] ?? (await this.#wait(type));
    return found as EventOf<Type>; // Found by its type.
  }

  all<Type extends AgentEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Each text block as a reader of the events puts it together. */
  texts(type: 'text' | 'thinking' = 'text'): string[] {
    const blocks = new Map<string, string>();
    for (const { itemId, offset, text } of this.all(type)) blocks.set(itemId, (blocks.get(itemId) ?? '').slice(0, offset) + text);
    return [...blocks.values()];
  }

  #wait(type: AgentEvent['type']): Promise<AgentEvent> {
    return new Promise((resolve, reject) => {
      const seen = () => this.events.map((event) => event.type).join(', ');
      const timer = setTimeout(() => reject(new Error(`No ${type} came. Seen: ${seen()}`)), patienceMs);
      this.#waiters.push({
        type,
        take: (event) => {
          clearTimeout(timer);
          resolve(event);
        },
      });
    });
  }
}
