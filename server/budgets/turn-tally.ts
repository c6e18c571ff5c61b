/**
 * What a turn has used as far as it can be seen, for programs that tell it only at the turn's end or not at all: an
 * estimate, and named so wherever it is shown. Each item counts once however often it is told, and the transcript has
 * them all, so that it is the same after a restart.
 */
import type { AgentEvent, ToolContent } from '../protocol/agent-event.ts';
import type { ItemId, SessionId, TurnId } from '../protocol/ids.ts';
import type { Item } from '../protocol/session.ts';

type Seen = { written: number; read: number; isCall: boolean };

/** English and code; other texts have fewer characters to a token. */
const charsPerToken = 4;
/** What a coding agent's instructions and tools take, where its program does not say how full its context is. */
const leastContextTokens = 10_000;
/** Each call of the model reads all that was before, most of it from a cache, which counts a tenth. */
const rereadShare = 0.1;

export class TurnTally {
  readonly turnId: TurnId;
  readonly sessionId: SessionId;
  readonly #seen = new Map<ItemId, Seen>();

  constructor(turnId: TurnId, sessionId: SessionId) {
    this.turnId = turnId;
    this.sessionId = sessionId;
  }

  /** What an earlier backend took in of it. */
  static ofItems(turnId: TurnId, sessionId: SessionId, items: readonly Item[]): TurnTally {
    const tally = new TurnTally(turnId, sessionId);
    for (const item of items) tally.#recall(item);
    return tally;
  }

  onEvent(event: AgentEvent): void {
    switch (event.type) {
      case 'text':
      case 'thinking': {
        const seen = this.#of(event.itemId);
        seen.written = Math.max(seen.written, event.offset + event.text.length);
        return;
      }
      case 'toolStarted':
        return this.#tool(event.itemId, { input: event.input, content: event.content });
      case 'toolProgressed':
      case 'toolEnded':
        return this.#tool(event.itemId, event);
      default:
        return;
    }
  }

  /** 0 while it has done nothing that can be seen. `contextTokens`: as its program told last. */
  tokens(contextTokens: number | null): number {
    if (this.#seen.size === 0) return 0;
    const all = [...this.#seen.values()];
    const chars = all.reduce((sum, { written, read }) => sum + written + read, 0);
    const calls = 1 + all.filter(({ isCall }) => isCall).length;
    const reread = calls * Math.max(contextTokens ?? 0, leastContextTokens) * rereadShare;
    return Math.round(chars / charsPerToken + reread);
  }

  #recall(item: Item): void {
    if (item.turnId !== this.turnId) return;
    if (item.kind === 'text' || item.kind === 'thinking') this.#of(item.id).written = item.text.length;
    if (item.kind === 'tool') this.#tool(item.id, item);
  }

  #tool(id: ItemId, { input, content }: { readonly input?: unknown; readonly content?: readonly ToolContent[] | undefined }): void {
    const seen = this.#of(id);
    seen.isCall = true;
    if (input !== undefined) seen.written = JSON.stringify(input)?.length ?? 0;
    if (content)
      seen.read = Math.max(
        seen.read,
        content.reduce((sum, part) => sum + charsOf(part), 0),
      );
  }

  #of(id: ItemId): Seen {
    const seen = this.#seen.get(id) ?? { written: 0, read: 0, isCall: false };
    this.#seen.set(id, seen);
    return seen;
  }
}

function charsOf(part: ToolContent): number {
  return part.type === 'text' ? part.text.length : part.newText.length;
}
