/** Parsed markdown of the messages that were drawn last, so that scrolling back and streaming on parse nothing twice. */
import { type MarkdownBlock, MarkdownText, type TextStage } from './markdown-blocks.ts';

const maxTexts = 400;

export class MarkdownCache {
  /** The one used last at the end. */
  readonly #texts = new Map<string, MarkdownText>();

  blocks(id: string, text: string, stage: TextStage): readonly MarkdownBlock[] {
    const parsed = this.#texts.get(id) ?? new MarkdownText();
    this.#texts.delete(id);
    this.#texts.set(id, parsed);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > maxTexts && oldest !== undefined) this.#texts.delete(oldest);
    return parsed.update(text, stage);
  }
}
