/** Lays every payload into every field of a page of the harness, one after the other, and tells what came of it. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { markupPayloads } from './markup-payloads.ts';

const patienceMs = 10_000;

/** Nothing ran, nothing was asked of anybody, nothing became an element, and each payload was shown as the text it is. */
export async function holdsAllPayloads(page: Page): Promise<void> {
  const outside = watch(page);
  const own = await page.evaluate(() => location.href);
  const found = await page.evaluate(layIn, { payloads: markupPayloads, patienceMs });
  assert.deepEqual(found, { unseen: [], markup: [] });
  await nothingActed(page);
  assert.deepEqual([page.url(), ...outside], [own]);
}

/** The same for one text that holds all of them, which a refusal or a verdict says. */
export const allPayloads = markupPayloads.join('\n');

export async function nothingActed(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: Reflect.get(window, 'hacked'),
    changed: Reflect.get(Object.prototype, 'hacked'),
    failed: window.panel.sent.filter(({ type }) => type === 'failed'),
    opened: window.panel.sent.flatMap((sent) => (sent.type === 'openLink' && !/^(https?|mailto):/i.test(sent.href) ? [sent.href] : [])),
    violations: window.panel.violations,
    markup: window.inspection.markup(),
  }));
  assert.deepEqual(found, { ran: undefined, changed: undefined, failed: [], opened: [], violations: [], markup: [] });
}

/** Every request of the page and of what it opens, from now on. */
function watch(page: Page): string[] {
  const seen: string[] = [];
  page.context().on('request', (request) => seen.push(request.url()));
  page.context().on('page', (opened) => seen.push(`a window: ${opened.url()}`));
  page.on('websocket', (socket) => seen.push(socket.url()));
  page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return seen;
}

/** Runs in the page. Each payload ends with a word of its own, by which it is found. Links are followed, as a person might. */
async function layIn({ payloads, patienceMs }: { payloads: readonly string[]; patienceMs: number }) {
  const found = { unseen: [] as string[], markup: [] as string[] };
  for (const [index, payload] of payloads.entries()) {
    const word = `zz${index}zz`;
    const giveUpAt = performance.now() + patienceMs;
    window.panel.fill(`${payload} ${word}`);
    while (!window.inspection.isShown(word) && performance.now() < giveUpAt) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    if (!window.inspection.isShown(word)) found.unseen.push(payload);
    found.markup.push(...window.inspection.markup());
    for (const link of window.inspection.links()) link.click();
  }
  return found;
}
