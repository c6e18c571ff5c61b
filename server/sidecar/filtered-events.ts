/**
 * What an agent does, with its secrets taken out. A model's text comes in small parts, and a secret may lie across several:
 * an end that may be the beginning of one is held back until the next part, or the end of the text, decides. What stands in
 * a secret's place is of another length, so offsets are counted anew.
 */
import type { SecretFilter } from '../leaks/secret-filter.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ItemId } from '../protocol/ids.ts';
import type { WithheldPlace } from '../protocol/secret.ts';
import type { TextEvent } from './text-block.ts';

/** How far a text was heard, and how far it was told; `held` is what lies between. */
type Progress = { readonly type: TextEvent['type']; readonly heardEnd: number; readonly toldEnd: number; readonly held: string };

const places: Partial<Record<AgentEvent['type'], WithheldPlace>> = {
  toolStarted: 'tool',
  toolProgressed: 'tool',
  toolEnded: 'tool',
  permissionAsked: 'question',
  plan: 'plan',
  retry: 'error',
  turnEnded: 'error',
  programEnded: 'error',
  hookFailed: 'hook',
  messageQueued: 'message',
};

export class FilteredEvents {
  readonly #filter: SecretFilter;
  readonly #emit: (event: AgentEvent) => void;
  readonly #texts = new Map<ItemId, Progress>();
  /** Of these something is held back: one at most, but for a moment. */
  readonly #held = new Set<ItemId>();

  constructor(filter: SecretFilter, emit: (event: AgentEvent) => void) {
    this.#filter = filter;
    this.#emit = emit;
  }

  emit(event: AgentEvent): void {
    if (event.type === 'text' || event.type === 'thinking') return this.#say(event);
    // It comes at any moment and belongs to no place in the text.
    if (event.type !== 'usage') this.flush();
    if (event.type === 'blockEnded') this.#texts.delete(event.itemId);
    if (event.type === 'turnEnded') this.#texts.clear();
    this.#emit(withoutSecrets(this.#filter, event));
  }

  /** Nothing more comes of what is held back. */
  flush(): void {
    for (const itemId of [...this.#held]) this.#release(itemId);
  }

  #say(event: TextEvent): void {
    const { itemId, type } = event;
    for (const other of [...this.#held].filter((held) => held !== itemId)) this.#release(other);
    const { heardEnd, toldEnd, held } = this.#progressTo(event);
    const fresh = event.text.slice(heardEnd - event.offset);
    const whole = held + fresh;
    const { safe, openFrom } = this.#filter.begun(whole, type);
    this.#texts.set(itemId, {
      type,
      heardEnd: heardEnd + fresh.length,
      toldEnd: toldEnd + safe.length,
      held: whole.slice(openFrom),
    });
    if (openFrom < whole.length) this.#held.add(itemId);
    else this.#held.delete(itemId);
    if (safe !== '') this.#emit({ type, itemId, offset: toldEnd, text: safe });
  }

  /** Up to where the new part goes on. A part may come twice; after a hole the text begins anew, with the hole in it. */
  #progressTo({ itemId, type, offset }: TextEvent): Progress {
    const known = this.#texts.get(itemId) ?? { type, heardEnd: offset, toldEnd: offset, held: '' };
    if (offset <= known.heardEnd) return known;
    const { toldEnd, heardEnd } = this.#release(itemId) ?? known;
    return { type, heardEnd: offset, toldEnd: toldEnd + offset - heardEnd, held: '' };
  }

  #release(itemId: ItemId): Progress | undefined {
    const progress = this.#texts.get(itemId);
    this.#held.delete(itemId);
    if (!progress || progress.held === '') return progress;
    const { type, toldEnd: offset, held } = progress;
    const text = this.#filter.text(held, type);
    const released = { ...progress, toldEnd: offset + text.length, held: '' };
    this.#texts.set(itemId, released);
    this.#emit({ type, itemId, offset, text });
    return released;
  }
}

/** Those that the sidecar makes itself, of what it was told or has seen. What an adapter tells was looked through before. */
const own: ReadonlySet<AgentEvent['type']> = new Set([
  ...(['protectedChanged', 'hookFailed', 'programEnded', 'protocolError', 'notice', 'fenced'] as const),
  ...(['mailGiven', 'messageQueued', 'permissionWithdrawn', 'retry', 'turnEnded'] as const),
]);

export function filteredOwn(filter: SecretFilter, event: AgentEvent): AgentEvent {
  return own.has(event.type) ? withoutSecrets(filter, event) : event;
}

/** Of an event that is no part of a text. */
function withoutSecrets<E extends AgentEvent>(filter: SecretFilter, event: E): E {
  return filter.value(event, places[event.type] ?? 'event');
}
