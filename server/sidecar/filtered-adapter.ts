/** An adapter whose answers and refusals hold no secret. */
import type { SecretFilter } from '../leaks/secret-filter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentAdapter } from './adapter.ts';

export function filteredAdapter(filter: SecretFilter, adapter: AgentAdapter): AgentAdapter {
  const filtered =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A) =>
      call(...args).catch((error: unknown) => {
        throw withoutSecret(filter, error);
      });
  return {
    // What a program calls itself is a text of its own.
    open: filtered(async (session) => filter.value(await adapter.open(session), 'event')),
    prompt: filtered((prompt) => adapter.prompt(prompt)),
    interrupt: filtered(() => adapter.interrupt()),
    answer: (...answer) => adapter.answer(...answer),
    remembers: async (text) => (await adapter.remembers?.(text)) ?? null,
    stop: () => adapter.stop(),
  };
}

/** Without its cause: that one has the words as they were. */
function withoutSecret(filter: SecretFilter, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = filter.text(error.message, 'error');
  if (message === error.message) return error;
  return error instanceof AgorError ? new AgorError(error.code, message) : new Error(message);
}
