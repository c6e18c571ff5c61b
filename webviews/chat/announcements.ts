/** What a screen reader is told when a session changes: whole messages, questions and ends of turns, never single words. */
import type { Item } from '../../server/protocol/session.ts';
import type { SessionView } from './session-view.ts';
import { t } from './texts.ts';
import { turnEndText } from './turn-end.ts';

const maxItems = 30;
const maxChars = 300;

export function announcements(before: SessionView | null, after: SessionView | null): string[] {
  if (!before || !after || before.session.id !== after.session.id) return [];
  const known = new Map(before.items.slice(-2 * maxItems).map((item) => [item.id, item]));
  const sentences: string[] = [];
  for (const item of after.items.slice(-maxItems)) {
    const sentence = known.get(item.id) === item ? null : announcement(known.get(item.id), item);
    if (sentence) sentences.push(sentence);
  }
  return sentences;
}

function announcement(before: Item | undefined, item: Item): string | null {
  if (item.kind === 'text') {
    const wasComplete = before?.kind === 'text' && before.complete;
    return item.complete && !wasComplete && item.text ? t('announceMessage', item.text.slice(0, maxChars)) : null;
  }
  if (before) return null;
  if (item.kind === 'permission') return item.state === 'open' ? t('announceQuestion', item.request.title) : null;
  if (item.kind === 'turnEnd') return t('announceTurnEnded', turnEndText(item));
  return item.kind === 'notice' ? item.text : null;
}
