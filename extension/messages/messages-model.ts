/** What the view "Messages" shows, as plain values: what is for the person, what is held, and what did not arrive. */
import type { DeadLetter, Message } from '../../server/protocol/message.ts';
import type { HeldItem } from '../../server/protocol/screening.ts';
import type { TeamworkState } from '../fleet/teamwork-model.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, visible } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

/** Also what a command gets when it is run from the view. */
export type MessageNode =
  | { readonly kind: 'messageGroup'; readonly id: 'forPerson' | 'held' | 'deadLetters' }
  | { readonly kind: 'message' | 'held' | 'deadLetter'; readonly id: string };

export type MessageRow = {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly iconColor: string | undefined;
  readonly context: string;
  readonly tooltip: string;
};

const excerptChars = 80;

/** Groups that have something in them. */
export function messageGroups(state: TeamworkState): MessageNode[] {
  const groups: readonly (MessageNode & { readonly kind: 'messageGroup' })[] = [
    { kind: 'messageGroup', id: 'held' },
    { kind: 'messageGroup', id: 'forPerson' },
    { kind: 'messageGroup', id: 'deadLetters' },
  ];
  return groups.filter(({ id }) => state[id].length > 0);
}

export function messagesOf(state: TeamworkState, group: MessageNode): MessageNode[] {
  if (group.kind !== 'messageGroup') return [];
  const kind = group.id === 'forPerson' ? 'message' : group.id === 'held' ? 'held' : 'deadLetter';
  return state[group.id].map(({ id }) => ({ kind, id }));
}

/** Undefined for what was settled a moment ago. */
export function messageRow(state: TeamworkState, node: MessageNode, nowMs: number, t: Translate): MessageRow | undefined {
  if (node.kind === 'messageGroup') return groupRow(node.id, state[node.id].length, t);
  if (node.kind === 'message') return unreadRow(state.forPerson.find(hasId(node.id)), nowMs, t);
  if (node.kind === 'held') return heldRow(state.held.find(hasId(node.id)), nowMs, t);
  return deadLetterRow(state.deadLetters.find(hasId(node.id)), nowMs, t);
}

/** How much waits for the person. */
export function countWaiting({ forPerson, held, deadLetters }: TeamworkState): number {
  return forPerson.length + held.length + deadLetters.length;
}

function groupRow(id: 'forPerson' | 'held' | 'deadLetters', count: number, t: Translate): MessageRow {
  const groups = {
    forPerson: { label: t('For You'), icon: 'inbox', tooltip: t('Messages of agents to you that you have not read') },
    held: { label: t('Held'), icon: 'shield', tooltip: t('Texts that the screening holds until you release or discard them') },
    deadLetters: { label: t('Not Delivered'), icon: 'circle-slash', tooltip: t('Messages that did not reach an agent') },
  };
  return { ...groups[id], description: String(count), iconColor: undefined, context: `group.${id}` };
}

function unreadRow(message: Message | undefined, nowMs: number, t: Translate): MessageRow | undefined {
  if (!message) return undefined;
  const { from, text, sentAt, expectsReply } = message;
  const ago = timeAgo(sentAt, nowMs, t);
  return {
    label: oneLine(from.name),
    description: excerpt(text),
    icon: expectsReply ? 'question' : 'mail',
    iconColor: 'charts.blue',
    context: 'message',
    tooltip: [`${oneLine(from.name)} · ${ago}${expectsReply ? ` · ${t('expects a reply')}` : ''}`, visible(text)].join('\n\n'),
  };
}

function heldRow(item: HeldItem | undefined, nowMs: number, t: Translate): MessageRow | undefined {
  if (!item) return undefined;
  const { from, to, text, kind, findings, heldAt } = item;
  const reasons = findings.map(({ meaning, excerpt: place }) => `${oneLine(meaning)} “${oneLine(place)}”`);
  return {
    label: kind === 'task' ? t('Task of {0}', oneLine(from)) : oneLine(`${from} → ${to}`),
    description: excerpt(text),
    icon: 'shield',
    iconColor: 'list.warningForeground',
    context: `held.${kind}`,
    tooltip: [t('Held {0}', timeAgo(heldAt, nowMs, t)), ...reasons, visible(text)].join('\n\n'),
  };
}

function deadLetterRow(deadLetter: DeadLetter | undefined, nowMs: number, t: Translate): MessageRow | undefined {
  if (!deadLetter) return undefined;
  const { from, to, content, error, diedAt } = deadLetter;
  return {
    label: oneLine(`${from.name} → ${to.name}`),
    description: excerpt(error),
    icon: 'circle-slash',
    iconColor: 'list.errorForeground',
    context: 'deadLetter',
    tooltip: [`${visible(error)} ${timeAgo(diedAt, nowMs, t)}`, visible(content)].join('\n\n'),
  };
}

function excerpt(text: string): string {
  const line = oneLine(text.replace(/\s+/g, ' ').trim());
  return line.length > excerptChars ? `${line.slice(0, excerptChars)}…` : line;
}

function hasId(id: string): (value: { readonly id: string }) => boolean {
  return (value) => value.id === id;
}
