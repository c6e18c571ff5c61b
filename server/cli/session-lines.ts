/**
 * What a terminal that stays with a session prints: each item when it has something new to say, and nothing twice,
 * however often the snapshot is taken again. What it gives is printable.
 */
import type { ItemId } from '../protocol/ids.ts';
import type { NotificationParams } from '../protocol/notifications.ts';
import type { Item, SessionChange, SessionSnapshot } from '../protocol/session.ts';
import { FeedPlace } from './feed-place.ts';
import { questionLines } from './question-text.ts';
import type { Style } from './style.ts';
import { itemLines, toolTitle } from './transcript.ts';

type Question = Extract<Item, { kind: 'permission' }>;
type Changed = Pick<NotificationParams<'session/changed'>, 'feed' | 'seq' | 'changes'>;

export class SessionLines {
  readonly #style: Style;
  readonly #items = new Map<ItemId, Item>();
  readonly #told = new Set<string>();
  readonly #place = new FeedPlace();

  constructor(style: Style) {
    this.#style = style;
  }

  /** Those that wait for a person, the one that was asked first first. */
  openQuestions(): Question[] {
    return [...this.#items.values()].flatMap((item) => (item.kind === 'permission' && item.state === 'open' ? [item] : []));
  }

  snapshot({ items, ...place }: Pick<SessionSnapshot, 'feed' | 'seq' | 'items'>): string[] {
    this.#place.begin(place);
    return items.flatMap((item) => this.#put(item));
  }

  /** Undefined when something is missing: then a new snapshot is to be taken. */
  changed({ changes, ...place }: Changed): string[] | undefined {
    const step = this.#place.step(place);
    if (step !== 'next') return step === 'gap' ? undefined : [];
    return changes.flatMap((change) => this.#apply(change));
  }

  /** Text is told when it is whole: what streams would be torn apart by what the person types. */
  #apply(change: SessionChange): string[] {
    if (change.op === 'put') return this.#put(change.item);
    return [];
  }

  #put(item: Item): string[] {
    this.#items.set(item.id, item);
    const stage = stageOf(item);
    if (stage === undefined || this.#told.has(`${item.id}:${stage}`)) return [];
    this.#told.add(`${item.id}:${stage}`);
    return this.#lines(item);
  }

  #lines(item: Item): string[] {
    const style = this.#style;
    if (item.kind === 'permission' && item.state === 'open')
      return ['', style('yellow', 'The agent asks for permission:'), ...questionLines(item.request, style)];
    if (item.kind === 'tool' && item.endedAt === null) return [style('dim', `* ${toolTitle(item)} …`)];
    return itemLines(item, style);
  }
}

/** What of an item is told once each; undefined while there is nothing to tell yet. */
function stageOf(item: Item): string | undefined {
  switch (item.kind) {
    case 'prompt':
      return item.state === 'queued' ? undefined : item.state;
    case 'permission':
      return item.state;
    case 'text':
    case 'thinking':
      return item.complete ? 'whole' : undefined;
    case 'tool':
      return item.endedAt === null ? 'begun' : 'ended';
    case 'plan':
      return item.entries.map(({ status }) => status).join();
    default:
      return 'there';
  }
}
