/** What was typed, as the contract takes it. */
import { limits } from '../../protocol/errors.ts';
import { UsageError } from '../exit-codes.ts';
import { givenText } from '../prompt-text.ts';
import type { Desk } from './desk.ts';

/**
 * Of commands that take words they do not know as text, so that a list of dashes can be sent. What looks like a mistyped
 * option is refused all the same.
 */
export async function textFrom({ stdin }: Desk, words: readonly string[], what: 'message' | 'comment'): Promise<string> {
  const mistyped = words.length > 1 ? words.find((word) => /^--[a-z][a-z-]*$/.test(word)) : undefined;
  if (mistyped !== undefined)
    throw new UsageError(`There is no option "${mistyped}" here. If it belongs to the text, put the text into quotes.`);
  return givenText(words, stdin, { what: `The ${what}`, maxBytes: what === 'message' ? limits.messageBytes : limits.taskTextBytes });
}

/** Leaves out what was not given, so that the backend sees nothing in its place. */
export function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only entries with a value are left, each of its own type; `fromEntries` forgets the keys.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
