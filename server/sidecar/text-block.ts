/** One block of text or thinking while it grows: what was said, and how far each of its readers has got. */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ItemId, SessionId } from '../protocol/ids.ts';

export type TextEvent = Extract<AgentEvent, { type: 'text' | 'thinking' }>;

/** The most of a text that one event holds. */
export const mostTextChars = 256 * 1024;

export class TextBlock {
  readonly sessionId: SessionId;
  readonly itemId: ItemId;
  /** The last event that came before the block: streamed text must not overtake it. */
  readonly afterSeq: number;
  readonly #type: TextEvent['type'];
  /** Where `#text` begins; what the backend has acknowledged is dropped from its front. */
  #start = 0;
  #text = '';
  #streamedEnd = 0;
  #appendedEnd = 0;
  #unacked: { readonly seq: number; readonly end: number }[] = [];

  constructor(place: { sessionId: SessionId; itemId: ItemId; type: TextEvent['type']; afterSeq: number }) {
    this.sessionId = place.sessionId;
    this.itemId = place.itemId;
    this.afterSeq = place.afterSeq;
    this.#type = place.type;
  }

  /** Takes the part that goes beyond what is here; false when it starts after the end, which would leave a hole. */
  add(offset: number, text: string): boolean {
    const end = this.#end();
    if (offset > end) return false;
    this.#text += text.slice(end - offset);
    return true;
  }

  /** What was not streamed yet, or the first piece of it. */
  takeUnstreamed(): TextEvent | null {
    const event = this.#from(this.#streamedEnd);
    this.#streamedEnd = event ? event.offset + event.text.length : this.#end();
    return event;
  }

  /** What was not put into the outbox yet, or the first piece of it; `markAppended` tells under which number it went. */
  takeUnappended(): TextEvent | null {
    const event = this.#from(this.#appendedEnd);
    this.#appendedEnd = event ? event.offset + event.text.length : this.#end();
    return event;
  }

  markAppended(seq: number): void {
    this.#unacked.push({ seq, end: this.#appendedEnd });
  }

  hasUnstreamed(): boolean {
    return this.#streamedEnd < this.#end();
  }

  get unappendedChars(): number {
    return this.#end() - this.#appendedEnd;
  }

  /** The backend has everything up to `seq` on disk. */
  acked(seq: number): void {
    const ackedEnd = this.#unacked.findLast((part) => part.seq <= seq)?.end ?? this.#start;
    this.#unacked = this.#unacked.filter((part) => part.seq > seq);
    this.#text = this.#text.slice(ackedEnd - this.#start);
    this.#start = ackedEnd;
  }

  /** A new backend knows only what was acknowledged: it is streamed the rest anew. */
  restream(): void {
    this.#streamedEnd = this.#start;
  }

  #end(): number {
    return this.#start + this.#text.length;
  }

  /** What was acknowledged before it came to be streamed is not here any more, and nobody needs it. */
  #from(wanted: number): TextEvent | null {
    const offset = Math.max(wanted, this.#start);
    if (offset >= this.#end()) return null;
    return { type: this.#type, itemId: this.itemId, offset, text: pieceOf(this.#text, offset - this.#start) };
  }
}

/** Never ends between the two halves of a character. */
function pieceOf(text: string, start: number): string {
  const end = start + mostTextChars;
  return text.slice(start, end < text.length && isFirstHalf(text.charCodeAt(end - 1)) ? end - 1 : end);
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
