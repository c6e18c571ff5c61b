/**
 * Messages and tasks as text for a model. What others wrote stands line by line behind a mark, so that none of it can
 * pass for what we say. Pure.
 */
import { shortId } from '../protocol/ids.ts';
import type { Channel, Contact, Message } from '../protocol/message.ts';
import type { Task, TaskComment } from '../protocol/task.ts';

const controls = /(?![\n\t])\p{Cc}/gu;
const mostNameChars = 80;
const mostBeginningChars = 160;

export function quoted(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replace(controls, '�').split('\n');
  return lines.map((line) => `> ${line}`).join('\n');
}

export function messageText(message: Message): string {
  return `${messageFacts(message)}\n${quoted(message.text)}`;
}

/** The rest of it is read by its id. */
export function messageBeginning(message: Message): string {
  const text = oneLine(message.text);
  const isAll = text.length <= mostBeginningChars;
  return `${messageFacts(message)}\n${quoted(isAll ? text : `${text.slice(0, mostBeginningChars).trimEnd()} …`)}`;
}

export function messagesText(messages: readonly Message[]): string {
  return messages.length === 0 ? 'No messages.' : messages.map(messageText).join('\n\n');
}

function messageFacts(message: Message): string {
  const { id, from, to, channel, sentAt, replyTo, expectsReply, attachments } = message;
  const facts = [
    `from ${name(from.name)}`,
    channel ? `in #${name(channel.name)}` : `to ${name(to?.name ?? '')}`,
    timeText(sentAt),
    ...(replyTo === null ? [] : [`answers ${shortId(replyTo)}`]),
    ...(expectsReply ? ['expects a reply'] : []),
    ...(message.isOrder ? ['an order'] : []),
    ...attachments.map((file) => `with ${name(file.name)} (${file.bytes} bytes)`),
  ];
  return `[${shortId(id)}] ${facts.join(', ')}`;
}

/** How it stands with each recipient. */
export function deliveryText({ deliveries }: Message): string {
  return deliveries.map(({ to, state, reason }) => `${name(to.name)}: ${state}${reason === '' ? '' : ` (${oneLine(reason)})`}`).join('; ');
}

export function channelText({ name: channel, members }: Channel): string {
  return `#${name(channel)}: ${members.map((member) => name(member.name)).join(', ') || 'nobody'}`;
}

export function contactText({ party, role, project, presence, mayWrite }: Contact): string {
  return `${name(party.name)} (${[role, project, presence].filter((part) => part !== '').join(', ')})${mayWrite ? '' : ', not for you to write to'}`;
}

/** The title is somebody's own words: in quotes, which it cannot end. */
export function taskLine({ number, state, priority, title, assignee, version, parent, isHeld }: Task): string {
  const facts = [
    state,
    priority,
    assignee ? `for ${name(assignee.name)}` : 'nobody’s',
    ...(parent === null ? [] : [`part of #${parent}`]),
    `version ${version}`,
    ...(isHeld ? ['held back until the person releases it'] : []),
  ];
  return `#${number} [${facts.join(', ')}] ${JSON.stringify(oneLine(title))}`;
}

export function commentText({ author, text, createdAt, isHeld }: TaskComment): string {
  return `${name(author.name)}, ${timeText(createdAt)}${isHeld ? ', held back' : ''}\n${quoted(text)}`;
}

/** A name is one too, and may be as long as its owner likes. */
export function name(text: string): string {
  return oneLine(text).slice(0, mostNameChars);
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(controls, '�').trim();
}

export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
