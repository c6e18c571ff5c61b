/**
 * What an agent does, with its secrets masked. A model's text comes in small parts, and a secret may lie across several:
 * an end that may be the beginning of one is held back until the next part, or the end of the text, decides.
 */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ItemId } from '../protocol/ids.ts';
import type { SecretMask } from './secret-mask.ts';
import type { TextEvent } from './text-block.ts';

export class MaskedEvents {
  readonly #mask: SecretMask;
  readonly #emit: (event: AgentEvent) => void;
  readonly #held = new Map<ItemId, TextEvent>();

  constructor(mask: SecretMask, emit: (event: AgentEvent) => void) {
    this.#mask = mask;
    this.#emit = emit;
  }

  emit(event: AgentEvent): void {
    if (event.type === 'text' || event.type === 'thinking') return this.#say(event);
    // It comes at any moment and belongs to no place in the text.
    if (event.type !== 'usage') this.flush();
    this.#emit(this.#mask.value(event));
  }

  /** Nothing more comes of what is held back. */
  flush(): void {
    for (const itemId of [...this.#held.keys()]) this.#release(itemId);
  }

  #say(event: TextEvent): void {
    for (const itemId of [...this.#held.keys()].filter((held) => held !== event.itemId)) this.#release(itemId);
    const whole = this.#joined(event);
    const masked = this.#mask.text(whole.text);
    const end = safeEnd(whole.text, masked, whole.text.length - this.#mask.openEnd(whole.text));
    if (end > 0) this.#emit({ ...whole, text: masked.slice(0, end) });
    this.#held.delete(event.itemId);
    if (end < whole.text.length) this.#held.set(event.itemId, { ...whole, offset: whole.offset + end, text: whole.text.slice(end) });
  }

  /** What was held back of the item and its new part. A part may come twice; after a hole the text begins anew. */
  #joined(event: TextEvent): TextEvent {
    const held = this.#held.get(event.itemId);
    if (!held) return event;
    const heldEnd = held.offset + held.text.length;
    if (event.offset <= heldEnd) return { ...held, text: held.text + event.text.slice(heldEnd - event.offset) };
    this.#release(event.itemId);
    return event;
  }

  #release(itemId: ItemId): void {
    const held = this.#held.get(itemId);
    this.#held.delete(itemId);
    if (held) this.#emit({ ...held, text: this.#mask.text(held.text) });
  }
}

/** Not in the middle of what is masked: its rest would not be known for a secret any more. */
function safeEnd(text: string, masked: string, end: number): number {
  const isMasked = (index: number) => text[index] !== masked[index];
  let safe = end;
  while (safe > 0 && safe < text.length && isMasked(safe) && isMasked(safe - 1)) safe -= 1;
  return safe;
}
