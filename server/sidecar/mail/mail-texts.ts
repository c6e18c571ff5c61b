/**
 * What an agent is told about its mail. What others wrote stands in its envelope and nowhere else: of a reply that is owed
 * only the id and the sender are named. Pure.
 */
import { shortId } from '../../protocol/ids.ts';
import { mailOpening, type OwedReply } from '../../protocol/message.ts';

const shownOwed = 10;

/** Beside a prompt that is about something else. */
export function contextText(envelopes: readonly string[]): string {
  return `${mailOpening} Take note of what concerns this prompt, and answer what asks for an answer.\n\n${envelopes.join('\n\n')}`;
}

/** Why the turn goes on. */
export function stopText(envelopes: readonly string[], owed: readonly OwedReply[]): string {
  const mail = envelopes.length === 0 ? [] : [`${mailOpening} Read it before you stop.\n\n${envelopes.join('\n\n')}`];
  return [...mail, ...(owed.length === 0 ? [] : [owedText(owed)])].join('\n\n');
}

function owedText(owed: readonly OwedReply[]): string {
  const lines = owed.slice(0, shownOwed).map(({ id, from }) => `- ${shortId(id)} from ${from}`);
  const more = owed.length > shownOwed ? [`- and ${owed.length - shownOwed} more: see "btmsg inbox --all"`] : [];
  const head = owed.length === 1 ? 'You owe a reply to this message.' : `You owe replies to these ${owed.length} messages.`;
  return [
    `${head} Answer with reply_message (or "btmsg reply <id> <text>"), also when the answer is that you cannot:`,
    ...lines,
    ...more,
  ].join('\n');
}
