/**
 * Text and thinking of the main conversation. The program says each block twice, in parts as it streams and once more
 * whole; what leaves here comes once, each part at its place.
 */
import type { AgentEvent } from '../../../protocol/agent-event.ts';
import type { ItemId } from '../../../protocol/ids.ts';

type BlockKind = 'text' | 'thinking';
type Block = { readonly kind: BlockKind; readonly itemId: ItemId; length: number };

export class TextBlocks {
  readonly #newId: () => ItemId;
  #messageId: string | null = null;
  /** Those of the message that streams now and have not ended, by their index in it. */
  readonly #open = new Map<number, Block>();

  constructor(deps: { readonly newId: () => ItemId }) {
    this.#newId = deps.newId;
  }

  messageStarted(messageId: string): AgentEvent[] {
    const ended = this.endAll();
    this.#messageId = messageId;
    return ended;
  }

  streamed(index: number, kind: BlockKind, text: string): AgentEvent[] {
    if (text === '') return [];
    const block = this.#open.get(index) ?? { kind, itemId: this.#newId(), length: 0 };
    this.#open.set(index, block);
    const event: AgentEvent = { type: kind, itemId: block.itemId, offset: block.length, text };
    block.length += text.length;
    return [event];
  }

  /** The block whole: only what did not come in parts is new. */
  completed(messageId: string, kind: BlockKind, text: string): AgentEvent[] {
    const streamed = messageId === this.#messageId ? this.#firstOpen(kind) : undefined;
    if (streamed) this.#open.delete(streamed[0]);
    const block = streamed?.[1] ?? { kind, itemId: this.#newId(), length: 0 };
    const rest = text.slice(block.length);
    if (rest === '' && block.length === 0) return [];
    const added: AgentEvent[] = rest === '' ? [] : [{ type: kind, itemId: block.itemId, offset: block.length, text: rest }];
    return [...added, { type: 'blockEnded', itemId: block.itemId }];
  }

  endAll(): AgentEvent[] {
    const events = [...this.#open.values()].map((block): AgentEvent => ({ type: 'blockEnded', itemId: block.itemId }));
    this.#open.clear();
    return events;
  }

  #firstOpen(kind: BlockKind): [number, Block] | undefined {
    return [...this.#open].find(([, block]) => block.kind === kind);
  }
}
