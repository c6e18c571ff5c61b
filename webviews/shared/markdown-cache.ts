/** Parsed markdown of the messages that were drawn last, so that scrolling back and streaming on parse nothing twice. */
import { type MarkdownBlock, MarkdownText, type TextStage } from './markdown-blocks.ts';

/** What is parsed takes a few times as much as the text; a long message is worth as much of it as many short ones. */
const maxTexts = 400;
const maxChars = 1_000_000;

type Kept = { readonly parsed: MarkdownText; readonly chars: number };

export class MarkdownCache {
  /** The one used last at the end. */
  readonly #texts = new Map<string, Kept>();
  #chars = 0;

  blocks(id: string, text: string, stage: TextStage): readonly MarkdownBlock[] {
    const { parsed } = this.#forget(id) ?? { parsed: new MarkdownText() };
    this.#texts.set(id, { parsed, chars: text.length });
    this.#chars += text.length;
    this.#shrink();
    return parsed.update(text, stage);
  }

  /** The one that was used just now stays, whatever its length. */
  #shrink(): void {
    for (const id of this.#texts.keys()) {
      if (this.#texts.size === 1 || (this.#texts.size <= maxTexts && this.#chars <= maxChars)) return;
      this.#forget(id);
    }
  }

  #forget(id: string): Kept | undefined {
    const kept = this.#texts.get(id);
    this.#texts.delete(id);
    this.#chars -= kept?.chars ?? 0;
    return kept;
  }
}
