/** What a program said again of an earlier session while it was opened: it shows what the program has of it. */
import * as z from 'zod/mini';
import { delay } from '../../../base/delay.ts';
import { ContentBlock } from './acp-update.ts';

const ReplayedPrompt = z.object({
  sessionId: z.string(),
  update: z.object({ sessionUpdate: z.literal('user_message_chunk'), content: ContentBlock }),
});

const maxChars = 32 * 1024 * 1024;

export class Replay {
  #sessionId: string | null = null;
  #texts: string[] = [];
  #chars = 0;
  #heard = 0;
  /** From the first prompt on, what is not in it may have been given since. */
  #isAll = false;

  /** Null: a new session, of which there is nothing to say again. */
  begin(sessionId: string | null): void {
    this.#sessionId = sessionId;
    this.#texts = [];
    this.#chars = 0;
    this.#isAll = true;
  }

  /**
   * Some say that the session is open and go on saying it again (Gemini CLI). What comes when a prompt was given would be
   * taken for the answer to it.
   */
  async whenSaid({ quietMs, mostMs }: { readonly quietMs: number; readonly mostMs: number }): Promise<void> {
    for (let waitedMs = 0; waitedMs < mostMs; waitedMs += quietMs) {
      const before = this.#heard;
      await delay(quietMs);
      if (this.#heard === before) return;
    }
  }

  heard(params: unknown): void {
    this.#heard += 1;
    const told = ReplayedPrompt.safeParse(params);
    if (!told.success || told.data.sessionId !== this.#sessionId) return;
    const text = told.data.update.content.text ?? '';
    this.#chars += text.length;
    if (this.#chars <= maxChars) this.#texts.push(text);
    else this.#isAll = false;
  }

  prompted(): void {
    this.#isAll = false;
  }

  /** Null where that cannot be known: a program that said nothing again may know all the same. */
  remembers(text: string): boolean | null {
    // A prompt may come in several parts.
    if (this.#texts.join('').includes(text)) return true;
    return this.#isAll && this.#texts.length > 0 ? false : null;
  }
}
