/**
 * Keeps the secrets that an agent was given out of what it says: programs print their environment when they fail, and
 * models repeat what they read. Exact matches only, of the value and its usual encodings, and of the same length,
 * because text counts its offsets.
 */
import { AgorError } from '../protocol/errors.ts';
import type { AgentAdapter } from './adapter.ts';
import { secretForms } from './secret-forms.ts';

export class SecretMask {
  /** Longest first, so that no part of one is masked before the whole. */
  #forms: readonly string[] = [];

  /** From now on these are masked as well; what was given before stays masked, because the agent may still know it. */
  learn(values: readonly string[]): void {
    const forms = new Set([...this.#forms, ...values.flatMap(secretForms)]);
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    return this.#forms.reduce((masked, form) => masked.replaceAll(form, dots), text);
  }

  /** The same value with all its texts masked. */
  value<T>(value: T): T {
    if (this.#forms.length === 0 || value === undefined) return value;
    const json = JSON.stringify(value);
    const isFound = this.#forms.some((form) => json.includes(JSON.stringify(form).slice(1, -1)));
    if (!isFound) return value;
    // Masked text is of the same kind as before, so the value keeps its type.
    return JSON.parse(json, (_, part: unknown) => this.#part(part)) as T;
  }

  /** How many characters at the end of the text may be the beginning of a secret. */
  openEnd(text: string): number {
    const longest = Math.min(text.length, (this.#forms[0]?.length ?? 1) - 1);
    for (let length = longest; length > 0; length -= 1) {
      const end = text.slice(-length);
      if (this.#forms.some((form) => form.length > length && form.startsWith(end))) return length;
    }
    return 0;
  }

  /** The adapter, with masked words in what it refuses. */
  adapter(adapter: AgentAdapter): AgentAdapter {
    const masked =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      (...args: A) =>
        call(...args).catch((error: unknown) => {
          throw this.#error(error);
        });
    return {
      open: masked((session) => adapter.open(session)),
      prompt: masked((prompt) => adapter.prompt(prompt)),
      interrupt: masked(() => adapter.interrupt()),
      answer: (approvalId, decision, message) => adapter.answer(approvalId, decision, message),
      remembers: async (text) => (await adapter.remembers?.(text)) ?? null,
      stop: () => adapter.stop(),
    };
  }

  /** Names of fields are texts of the agent too, where its tool's input has them. */
  #part(part: unknown): unknown {
    if (typeof part === 'string') return this.text(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [this.text(name), value]));
  }

  /** Without its cause: that one has the words as they were. */
  #error(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const message = this.text(error.message);
    if (message === error.message) return error;
    return error instanceof AgorError ? new AgorError(error.code, message) : new Error(message);
  }
}

function dots(form: string): string {
  return '•'.repeat(form.length);
}
