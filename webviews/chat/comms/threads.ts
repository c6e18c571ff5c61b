/** Messages as conversations: each thread with what was answered in it, the one that was last written to below. */
import type { Message } from '../../../server/protocol/message.ts';

export interface Thread {
  readonly id: string;
  /** The oldest first; the first one is what began it, as far as it is loaded. */
  readonly messages: readonly Message[];
}

export function threadsOf(messages: readonly Message[]): Thread[] {
  const byThread = new Map<string, Message[]>();
  for (const message of [...messages].sort(byTime)) {
    byThread.set(message.threadId, [...(byThread.get(message.threadId) ?? []), message]);
  }
  const threads = [...byThread].map(([id, ofThread]) => ({ id, messages: ofThread }));
  return threads.sort((a, b) => lastSentAt(a) - lastSentAt(b));
}

/** Puts a message in, or what is new about it. */
export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const isKnown = messages.some(({ id }) => id === message.id);
  if (!isKnown) return [...messages, message].sort(byTime);
  return messages.map((known) => (known.id === message.id ? message : known));
}

/** An earlier page before what is loaded; what both have is there once. */
export function withEarlierMessages(messages: readonly Message[], earlier: readonly Message[]): readonly Message[] {
  const known = new Set(messages.map(({ id }) => id));
  return [...earlier.filter(({ id }) => !known.has(id)), ...messages];
}

function lastSentAt({ messages }: Thread): number {
  return messages.at(-1)?.sentAt ?? 0;
}

/** Ids grow with time, and decide where the clock does not. */
function byTime(a: Message, b: Message): number {
  return a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1);
}
