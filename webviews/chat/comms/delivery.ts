/** What became of a message, in an icon, a word and the times of all its steps. */
import type { DeliveryReport, DeliveryState, Message } from '../../../server/protocol/message.ts';
import type { IconName } from '../../shared/icon.ts';
import { type PageText, t } from '../texts.ts';

type Tone = 'quiet' | 'good' | 'attention' | 'bad';

export interface DeliveryLook {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
  /** When it came to be in this state. */
  readonly at: number;
  /** All its times, one line each; of a channel's message, one line for each recipient. */
  readonly detail: string;
}

const looks: Record<DeliveryState, { icon: IconName; word: PageText; tone: Tone }> = {
  held: { icon: 'shield', word: 'deliveryHeld', tone: 'attention' },
  queued: { icon: 'clockface', word: 'deliveryQueued', tone: 'quiet' },
  delivered: { icon: 'check', word: 'deliveryDelivered', tone: 'quiet' },
  seen: { icon: 'check-all', word: 'deliverySeen', tone: 'good' },
  answered: { icon: 'reply', word: 'deliveryAnswered', tone: 'good' },
  dead: { icon: 'circle-slash', word: 'deliveryDead', tone: 'bad' },
};

/** `null` for a message that has no recipient, as in a channel without other members. */
export function deliveryLook({ deliveries, channel, sentAt }: Message): DeliveryLook | null {
  const [first, ...others] = deliveries;
  if (!first) return null;
  if (channel === null && others.length === 0) {
    const { icon, word, tone } = looks[first.state];
    return { icon, word: t(word), tone, at: reachedAt(first), detail: timesOf(first, sentAt).join('\n') };
  }
  return sharedLook(deliveries, sentAt);
}

/** Of several recipients the worst counts for the icon; otherwise how many have it. */
function sharedLook(deliveries: readonly DeliveryReport[], sentAt: number): DeliveryLook {
  const worst = deliveries.find(({ state }) => state === 'held') ?? deliveries.find(({ state }) => state === 'dead');
  const seen = deliveries.filter(({ state }) => state === 'seen' || state === 'answered');
  const detail = deliveries.map((delivery) => `${delivery.to.name}: ${t(looks[delivery.state].word)}${reasonOf(delivery)}`).join('\n');
  const at = Math.max(sentAt, ...deliveries.map(reachedAt));
  if (worst) return { ...looks[worst.state], word: t(looks[worst.state].word), at, detail };
  const look = looks[seen.length === deliveries.length ? 'seen' : 'queued'];
  return { icon: look.icon, tone: look.tone, word: t('deliveredCount', seen.length, deliveries.length), at, detail };
}

function reachedAt({ state, queuedAt, deliveredAt, seenAt, answeredAt, deadAt }: DeliveryReport): number {
  const times: Record<DeliveryState, number | null> = {
    ...{ held: queuedAt, queued: queuedAt, delivered: deliveredAt },
    ...{ seen: seenAt, answered: answeredAt, dead: deadAt },
  };
  return times[state] ?? queuedAt;
}

export function timesOf(delivery: DeliveryReport, sentAt: number): string[] {
  const { state, queuedAt, deliveredAt, seenAt, answeredAt, deadAt, expiresAt, reason } = delivery;
  const waits = state === 'queued' || state === 'held';
  const times: [PageText, number | null][] = [
    ['timeSent', sentAt],
    ['timeQueued', waits ? queuedAt : null],
    ['timeDelivered', deliveredAt],
    ['timeSeen', seenAt],
    ['timeAnswered', answeredAt],
    ['timeDead', deadAt],
    ['timeExpires', waits ? expiresAt : null],
  ];
  const lines = times.flatMap(([key, at]) => (at === null ? [] : [t(key, new Date(at).toLocaleString())]));
  return reason ? [reason, ...lines] : lines;
}

function reasonOf({ reason }: DeliveryReport): string {
  return reason ? ` (${reason})` : '';
}
