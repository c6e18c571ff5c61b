/**
 * The order in which an agent's doings become events of record. Text is merged: streamed at most every 16 ms for
 * whoever looks on, and put into the outbox every second and at its block's end; the progress of tools is thinned out;
 * everything else goes there at once.
 */
import type { Clock } from '../base/clock.ts';
import { AgentEvent } from '../protocol/agent-event.ts';
import type { ItemId, SessionId, TurnId } from '../protocol/ids.ts';
import { boundedEvent } from './bounded-event.ts';
import type { NewEvent } from './outbox.ts';
import { mostTextChars, TextBlock, type TextEvent } from './text-block.ts';
import { ToolProgress } from './tool-progress.ts';

type JournalDeps = {
  readonly outbox: JournalOutbox;
  readonly clock: Clock;
  /** Told to whoever listens now, and lost when nobody does. */
  readonly stream: (sessionId: SessionId, event: AgentEvent) => void;
  /** The last event that was sent to the backend on this connection; everything while none is open. */
  readonly sentSeq: () => number;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

type JournalOutbox = {
  readonly lastSeq: number;
  append(entry: NewEvent): Promise<number>;
};

export const streamEveryMs = 16;
export const appendTextEveryMs = 1_000;

export class Journal {
  readonly #deps: JournalDeps;
  readonly #blocks = new Map<ItemId, TextBlock>();
  readonly #progress: ToolProgress;
  readonly #turns = new Map<SessionId, TurnId>();
  #stopStreaming: (() => void) | undefined;
  #stopAppending: (() => void) | undefined;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#progress = new ToolProgress({ clock: deps.clock, append: (sessionId, event) => this.#append(sessionId, event) });
  }

  record(sessionId: SessionId, event: AgentEvent): void {
    // The block's first part fitted the contract, and with it all but these two of the others.
    if (isText(event) && this.#blocks.has(event.itemId) && Number.isFinite(event.offset) && typeof event.text === 'string')
      return this.#addText(sessionId, event);
    const refusal = AgentEvent.safeParse(event).error?.issues[0];
    // The backend would refuse it as well, and with it everything behind it.
    if (refusal) return this.#recordRefused(sessionId, event, `${refusal.path.join('.')}: ${refusal.message}`);
    if (isText(event)) return this.#addText(sessionId, event);
    if (event.type === 'toolProgressed') return this.#progress.add(sessionId, event);
    this.appendPending();
    if (event.type === 'blockEnded') this.#blocks.delete(event.itemId);
    // What the agent left open ends with its turn.
    if (event.type === 'turnEnded') this.#blocks.clear();
    if (event.type === 'turnStarted') this.#turns.set(sessionId, event.turnId);
    this.#append(sessionId, event);
    if (event.type === 'turnEnded') this.#turns.delete(sessionId);
  }

  /** Puts what is pending into the outbox now. */
  appendPending(): void {
    this.#progress.flush();
    this.#appendText();
  }

  /** The backend has everything up to `seq` on disk. */
  acked(seq: number): void {
    for (const block of this.#blocks.values()) block.acked(seq);
  }

  /** A backend was reached: it is streamed what it cannot know yet of the text that is still growing. */
  restream(): void {
    for (const block of this.#blocks.values()) block.restream();
    if (this.#blocks.size > 0) this.#streamLater(0);
  }

  #recordRefused(sessionId: SessionId, event: AgentEvent, why: string): void {
    this.#deps.log('an event of the adapter does not fit the contract', { why, type: event.type });
    this.record(sessionId, { type: 'notice', level: 'error', text: `Something the agent did could not be understood (${why}).` });
  }

  #addText(sessionId: SessionId, event: TextEvent): void {
    let block = this.#blocks.get(event.itemId);
    if (!block) {
      // Text that is pending elsewhere was said before this block.
      this.#appendText();
      block = new TextBlock({ sessionId, itemId: event.itemId, type: event.type, afterSeq: this.#deps.outbox.lastSeq });
      this.#blocks.set(event.itemId, block);
    }
    if (!block.add(event.offset, event.text)) {
      this.#deps.log('text of the agent has a hole and was left out', { itemId: event.itemId, offset: event.offset });
      return;
    }
    this.#streamLater(0);
    if (block.unappendedChars >= mostTextChars) return this.#appendText();
    this.#stopAppending ??= this.#deps.clock.after(appendTextEveryMs, () => this.#appendText());
  }

  #appendText(): void {
    this.#stopAppending?.();
    this.#stopAppending = undefined;
    for (const block of this.#blocks.values()) this.#appendBlock(block);
  }

  #appendBlock(block: TextBlock): void {
    for (let event = block.takeUnappended(); event; event = block.takeUnappended()) {
      this.#append(block.sessionId, event);
      block.markAppended(this.#deps.outbox.lastSeq);
    }
  }

  #append(sessionId: SessionId, event: AgentEvent): void {
    const { outbox, clock, log } = this.#deps;
    const entry = { at: clock.now(), sessionId, event: boundedEvent(event), ...this.#mode(sessionId, event) };
    outbox.append(entry).catch((error: unknown) => {
      // Only at the very end, when the disk took nothing more: the backend marks the turn as cut.
      log('an event could not be kept', { type: event.type, why: String(error) });
    });
  }

  /**
   * Of what tells how things stand only the newest counts, as long as nobody was told. A turn keeps its own: its plan
   * stays in the transcript, and its end shows the usage up to there.
   */
  #mode(sessionId: SessionId, { type }: AgentEvent): Pick<NewEvent, 'mode' | 'dedupeKey'> {
    if (type !== 'usage' && type !== 'plan') return {};
    return { mode: 'coalesce', dedupeKey: [type, sessionId, this.#turns.get(sessionId) ?? ''].join(' ') };
  }

  /** The first text after a pause is streamed at once, what follows waits for its turn. */
  #streamLater(delayMs: number): void {
    if (this.#stopStreaming) return;
    if (delayMs === 0) this.#streamNow();
    this.#stopStreaming = this.#deps.clock.after(streamEveryMs, () => {
      this.#stopStreaming = undefined;
      if (this.#streamNow()) this.#streamLater(streamEveryMs);
    });
  }

  /** Whether there is reason to look again soon. */
  #streamNow(): boolean {
    const sentSeq = this.#deps.sentSeq();
    let isBusy = false;
    for (const block of this.#blocks.values()) {
      if (!block.hasUnstreamed()) continue;
      isBusy = true;
      if (block.afterSeq > sentSeq) continue;
      const event = block.takeUnstreamed();
      if (event) this.#deps.stream(block.sessionId, event);
    }
    return isBusy;
  }
}

function isText(event: AgentEvent): event is TextEvent {
  return event.type === 'text' || event.type === 'thinking';
}
