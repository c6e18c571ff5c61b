/** How a page of the harness is, where a locator alone cannot tell. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../live-backend.ts';

/** How a button was when it was drawn first, in whatever shadow root. */
export function stateOfFirst(selector: string): Promise<'disabled' | 'enabled'> {
  const find = (place: ParentNode): Element | null =>
    place.querySelector(selector) ??
    [...place.querySelectorAll('*')].reduce<Element | null>((found, { shadowRoot }) => found ?? (shadowRoot && find(shadowRoot)), null);
  return new Promise((resolve) => {
    const look = () => {
      const found = find(document);
      if (found) resolve(found.hasAttribute('disabled') ? 'disabled' : 'enabled');
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** What was told is drawn a frame later, and what that moved is where it belongs one more. */
export async function isAtEnd(page: Page): Promise<void> {
  const distance = () =>
    page.locator('.scroller').evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop);
  await until(async () => (await distance()) <= 1);
}

/** The name of what has the keyboard, through all shadow roots. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    let focused = document.activeElement;
    const path: Element[] = [];
    for (; focused; focused = focused.shadowRoot?.activeElement ?? null) path.push(focused);
    const named = path.findLast((element) => element.getAttribute('aria-label') || element.textContent?.trim());
    return named?.getAttribute('aria-label') ?? named?.textContent?.trim() ?? '';
  });
}

/** Which row is at the top and how far it is scrolled, once two frames agree. */
export async function settledTopRow(page: Page): Promise<{ text: string; top: number }> {
  let before = await topRow(page.locator('.scroller'));
  for (;;) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    const now = await topRow(page.locator('.scroller'));
    if (now.text === before.text && now.top === before.top) return now;
    before = now;
  }
}

function topRow(scroller: Locator): Promise<{ text: string; top: number }> {
  return scroller.evaluate((element) => {
    const { top } = element.getBoundingClientRect();
    const row = [...element.querySelectorAll('.row')].find((candidate) => candidate.getBoundingClientRect().bottom > top + 1);
    return { text: row?.textContent?.trim().slice(0, 60) ?? '', top: Math.round((row?.getBoundingClientRect().top ?? 0) - top) };
  });
}
