/**
 * A session as the page knows it: a snapshot, the ordered changes after it, and earlier pages. Pure: the same input gives
 * the same view, and a view is never changed.
 */
import type { Approval } from '../../server/protocol/approval.ts';
import type { NotificationParams } from '../../server/protocol/notifications.ts';
import type { Item, Session, SessionChange, SessionSnapshot } from '../../server/protocol/session.ts';

export interface SessionView {
  readonly session: Session;
  readonly feed: string;
  readonly seq: number;
  /** By ordinal, oldest first, without holes. */
  readonly items: readonly Item[];
  readonly hasEarlier: boolean;
}

type ChangeBatch = Pick<NotificationParams<'session/changed'>, 'feed' | 'seq' | 'changes'>;

/** `gap`: something is missing, ask for a new snapshot. */
type Applied = SessionView | 'gap';

export const mostItems = 1_500;
export const keptItems = 1_000;

/** Earlier items that are loaded already stay, as far as nothing can have happened to them since. */
export function withSnapshot(view: SessionView | null, snapshot: SessionSnapshot): SessionView {
  const { session, feed, seq, items, hasEarlier } = snapshot;
  const fresh: SessionView = { session, feed, seq, items, hasEarlier };
  const [first] = items;
  if (!first || !hasEarlier || view?.session.id !== session.id) return fresh;
  if (!view.items.some((item) => item.id === first.id)) return fresh;
  const earlier = view.items.filter((item) => item.ordinal < first.ordinal);
  const kept = withoutArchived(earlier.slice(earlier.findLastIndex(isUnfinished) + 1), session);
  return { ...fresh, items: [...kept, ...items], hasEarlier: view.hasEarlier || kept.length < earlier.length };
}

export function applyBatch(view: SessionView, batch: ChangeBatch): Applied {
  if (batch.feed !== view.feed) return 'gap';
  if (batch.seq <= view.seq) return view;
  if (batch.seq !== view.seq + 1) return 'gap';
  let { session } = view;
  // One copy for the whole batch; it is this function's own until it is returned.
  const items = [...view.items];
  const loaded = { items, hasEarlier: view.hasEarlier };
  for (const change of batch.changes) {
    if (change.op === 'session') session = change.session;
    else if (applyChange(loaded, change) === 'gap') return 'gap';
  }
  const hasLess = session.archived !== view.session.archived;
  return { ...view, session, items: hasLess ? withoutArchived(items, session) : items, seq: batch.seq };
}

/** `page` holds the items right before the first one of the view. */
export function withEarlier(view: SessionView, page: { items: readonly Item[]; hasEarlier: boolean }): SessionView {
  const first = view.items[0];
  const earlier = first ? page.items.filter((item) => item.ordinal < first.ordinal) : page.items;
  return { ...view, items: [...earlier, ...view.items], hasEarlier: page.hasEarlier };
}

/**
 * A page that follows an agent for days holds what is near; the rest is loaded again when it is scrolled to. Nothing that
 * can still change is left out.
 */
export function withoutOldest(view: SessionView): SessionView {
  const { items } = view;
  if (items.length <= mostItems) return view;
  const unfinished = items.findIndex(isUnfinished);
  const from = Math.min(items.length - keptItems, unfinished === -1 ? items.length : unfinished);
  return from === 0 ? view : { ...view, items: items.slice(from), hasEarlier: true };
}

/** The answer to a question may arrive before the change of its item does. */
export function withApproval(view: SessionView, approval: Approval): SessionView {
  const index = view.items.findLastIndex((item) => item.kind === 'permission' && item.approvalId === approval.id);
  const item = view.items[index];
  if (item?.kind !== 'permission' || item.state !== 'open') return view;
  const { state, answeredAt, answeredBy, values } = approval;
  const outcome = { state, answeredAt, answeredBy, ...(values && { values }) };
  return { ...view, items: view.items.with(index, { ...item, ...outcome }) };
}

/** Questions without an answer, first in, first out. */
export function openQuestions(items: readonly Item[]): readonly (Item & { kind: 'permission' })[] {
  return items.filter((item) => item.kind === 'permission').filter((item) => item.state === 'open');
}

type Loadable = Pick<SessionView, 'items' | 'hasEarlier'> & { readonly session?: Pick<Session, 'archived'> };

/** What a turn cost: its total less the total at the end of the turn before, where both are known. */
export function turnCostUsd({ items, hasEarlier, session }: Loadable, index: number): number | null {
  const item = items[index];
  if (item?.kind !== 'turnEnd' || item.usage?.costUsd == null) return null;
  for (let at = index - 1; at >= 0; at -= 1) {
    const before = items[at];
    if (before?.kind !== 'turnEnd') continue;
    const costBefore = before.usage?.costUsd;
    return costBefore == null ? null : Math.max(0, item.usage.costUsd - costBefore);
  }
  return hasEarlier || session?.archived ? null : item.usage.costUsd;
}

/** What is not in the database any more is not shown either. */
function withoutArchived(items: readonly Item[], { archived }: Session): readonly Item[] {
  return archived ? items.filter(({ ordinal }) => ordinal > archived.upToOrdinal) : items;
}

type ItemChange = Exclude<SessionChange, { op: 'session' }>;

type Loaded = { readonly items: Item[]; readonly hasEarlier: boolean };

/** `gap` when the change does not fit what is there. */
function applyChange(loaded: Loaded, change: ItemChange): 'applied' | 'gap' {
  if (change.op === 'put') {
    put(loaded, change.item);
    return 'applied';
  }
  const { items, hasEarlier } = loaded;
  const index = indexOfId(items, change.itemId);
  const item = items[index];
  // It may belong to a page that is not loaded; that page brings its text along.
  if (!item) return hasEarlier ? 'applied' : 'gap';
  if (item.kind !== 'text' && item.kind !== 'thinking') return 'gap';
  if (change.offset > item.text.length) return 'gap';
  const added = change.text.slice(item.text.length - change.offset);
  if (added !== '') items[index] = { ...item, text: item.text + added };
  return 'applied';
}

function put({ items, hasEarlier }: Loaded, item: Item): void {
  const known = indexOfId(items, item.id);
  if (known >= 0 && items[known]?.ordinal === item.ordinal) {
    items[known] = item;
    return;
  }
  if (known >= 0) items.splice(known, 1);
  const index = items.findLastIndex((other) => other.ordinal < item.ordinal) + 1;
  // Before the first loaded item there is a page that will bring it.
  if (index === 0 && hasEarlier) return;
  items.splice(index, 0, item);
}

/** From the end, because what changes is nearly always among the newest. */
function indexOfId(items: readonly Item[], id: Item['id']): number {
  return items.findLastIndex((item) => item.id === id);
}

function isUnfinished(item: Item): boolean {
  if (item.kind === 'text' || item.kind === 'thinking') return !item.complete;
  if (item.kind === 'tool') return item.endedAt === null;
  if (item.kind === 'permission') return item.state === 'open';
  return item.kind === 'prompt' && item.state === 'queued';
}
