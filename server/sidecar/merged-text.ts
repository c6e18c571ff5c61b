/**
 * Pieces of one text that were read of the program together go on as one: a program that writes fast says hundreds of them
 * in a chunk, and each would be looked through, checked and told by itself. Nothing waits beyond the chunk that it came in,
 * and nothing overtakes a text.
 */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { TextEvent } from './text-block.ts';

/** So that a flood without a pause is told of in parts, too. */
const mostChars = 64 * 1024;

export class MergedText {
  readonly #emit: (event: AgentEvent) => void;
  #pending: TextEvent | undefined;
  #isScheduled = false;

  constructor(emit: (event: AgentEvent) => void) {
    this.#emit = emit;
  }

  emit(event: AgentEvent): void {
    if (event.type !== 'text' && event.type !== 'thinking') {
      this.flush();
      return this.#emit(event);
    }
    const begun = this.#pending;
    if (begun && goesOn(begun, event)) {
      begun.text += event.text;
      return;
    }
    this.flush();
    this.#pending = { ...event };
    this.#schedule();
  }

  /** Tells what has come so far. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#emit(pending);
  }

  /** All lines of a chunk are read without a pause, and this comes behind the last. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }
}

function goesOn({ type, itemId, offset, text }: TextEvent, next: TextEvent): boolean {
  return next.itemId === itemId && next.type === type && next.offset === offset + text.length && text.length < mostChars;
}
