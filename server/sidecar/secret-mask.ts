/**
 * Keeps the secrets that an agent was given out of what it says: programs print their environment when they fail. Exact
 * matches only, and of the same length, because text counts its offsets.
 */
import { AgorError } from '../protocol/errors.ts';
import type { AgentAdapter } from './adapter.ts';

/** A shorter value would be found in ordinary words. */
const minSecretChars = 6;

export class SecretMask {
  readonly #secrets: readonly string[];

  constructor(values: readonly string[]) {
    this.#secrets = values.filter((value) => value.length >= minSecretChars);
  }

  text(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, '•'.repeat(secret.length)), text);
  }

  /** The same value with all its texts masked. */
  value<T>(value: T): T {
    if (this.#secrets.length === 0 || value === undefined) return value;
    const json = JSON.stringify(value);
    const found = this.#secrets.map((secret) => JSON.stringify(secret).slice(1, -1)).filter((secret) => json.includes(secret));
    if (found.length === 0) return value;
    // Masked text is of the same kind as before, so the value keeps its type.
    return JSON.parse(found.reduce((masked, secret) => masked.replaceAll(secret, '•'.repeat(secret.length)), json)) as T;
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
      stop: () => adapter.stop(),
    };
  }

  /** Without its cause: that one has the words as they were. */
  #error(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const message = this.text(error.message);
    if (message === error.message) return error;
    return error instanceof AgorError ? new AgorError(error.code, message) : new Error(message);
  }
}
