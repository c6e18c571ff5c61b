/** A page of a transcript: what the database has of it, and what of it is in memory as it stands now. Pure. */
import type { Item } from '../protocol/session.ts';
import type { Page } from './session-store.ts';

type Wanted = { readonly before: number; readonly limit: number };

/** `page` has one item more than `limit`, where there is one. */
export function shownPage(page: Page, open: readonly Item[], { before, limit }: Wanted): { items: Item[]; hasEarlier: boolean } {
  // Below the first item of a page that was cut there is a gap: what is known of there comes with the page before.
  const from = page.isCut ? (page.items[0]?.ordinal ?? 0) : 0;
  const shown = new Map(page.items.map((item) => [item.id, item]));
  for (const item of open) {
    shown.delete(item.id);
    if (item.ordinal < before && item.ordinal >= from) shown.set(item.id, item);
  }
  const items = [...shown.values()].sort((a, b) => a.ordinal - b.ordinal);
  return { items: items.slice(-limit), hasEarlier: page.isCut || items.length > limit };
}
