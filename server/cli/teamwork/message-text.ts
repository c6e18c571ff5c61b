/** Messages as lines for whoever reads them in a terminal. What is in them comes from agents. */
import { shortId } from '../../protocol/ids.ts';
import type { DeliveryReport, Message } from '../../protocol/message.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import { quoted } from './task-text.ts';

/** An excerpt of each. */
export function messageTable(messages: readonly Message[], now: number): string[] {
  const rows = messages.map((message) => [
    shortId(message.id),
    oneLine(message.from.name, 30),
    recipientOf(message),
    agoText(message.sentAt, now),
    stateOf(message.deliveries),
    message.expectsReply ? 'yes' : '',
    oneLine(message.text, 80),
  ]);
  return table(['ID', 'FROM', 'TO', 'SENT', 'STATE', 'ASKS', 'TEXT'], rows);
}

/** One after the other, as a conversation is read. */
export function conversationLines(messages: readonly Message[], now: number, style: Style): string[] {
  return messages.flatMap((message, index) => [
    ...(index === 0 ? [] : ['']),
    style('dim', `${oneLine(message.from.name, 40)} to ${recipientOf(message)}, ${agoText(message.sentAt, now)} (${shortId(message.id)}):`),
    ...quoted(message.text),
  ]);
}

export function messageLines(message: Message, now: number, style: Style): string[] {
  const facts = [
    ['from', oneLine(message.from.name, 40)],
    ['to', recipientOf(message)],
    ['sent', agoText(message.sentAt, now)],
    ['id', shortId(message.id)],
    ...(message.replyTo ? [['answers', shortId(message.replyTo)]] : []),
    ...(message.isOrder ? [['order', 'signed, of the person or a manager']] : []),
    ...message.deliveries.map((delivery) => ['delivery', deliveryText(delivery, now)]),
    ...message.attachments.map(({ name, bytes, id }) => ['file', `${oneLine(name, 60)}, ${Math.ceil(bytes / 1024)} KiB (${shortId(id)})`]),
  ];
  const careful = message.findings.map(({ meaning, excerpt }) => style('yellow', `Careful: ${oneLine(meaning)} "${oneLine(excerpt, 80)}"`));
  const asks = message.expectsReply ? ['', `It expects a reply: btmsg reply ${shortId(message.id)} "…"`] : [];
  return [
    ...facts.map(([name = '', value = '']) => `${style('dim', name.padEnd(9))} ${value}`),
    ...careful,
    ...quoted(message.text),
    ...asks,
  ];
}

export function recipientOf({ to, channel }: Pick<Message, 'to' | 'channel'>): string {
  if (channel) return `#${oneLine(channel.name, 50)}`;
  return to ? oneLine(to.name, 30) : '';
}

function deliveryText({ to, state, reason, ...at }: DeliveryReport, now: number): string {
  const times = {
    held: at.queuedAt,
    queued: at.queuedAt,
    delivered: at.deliveredAt,
    seen: at.seenAt,
    answered: at.answeredAt,
    dead: at.deadAt,
  };
  const when = times[state];
  const ago = when === null ? '' : ` ${agoText(when, now)}`;
  return `${oneLine(to.name, 40)}: ${state}${ago}${reason === '' ? '' : `, ${oneLine(reason)}`}`;
}

/** Of one recipient its state, of several how many are in which. */
function stateOf(deliveries: readonly DeliveryReport[]): string {
  const counts = new Map<string, number>();
  for (const { state } of deliveries) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (deliveries.length === 1) return deliveries[0]?.state ?? '';
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
