/** The pages of the harness in a browser, for tests. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import { launchBrowser } from '../browser.ts';
import { askHidden } from './sample-data.ts';
import { serveChat } from './serve.ts';

type Harness = {
  /** `query` says what the page begins with; an uncaught error of the page fails the test. */
  readonly withPage: (query: string, use: (page: Page) => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What is there once a page has loaded; the chat has no name. */
const loaded: Record<string, string> = {
  board: 'agor-board-page main > *',
  metrics: 'agor-metrics-page main > :not(.loading)',
  audit: 'agor-audit-page main > *',
};

export async function startHarness(): Promise<Harness> {
  const server = await serveChat();
  const browser = await launchBrowser();
  const withPage = async (query: string, use: (page: Page) => Promise<void>) => {
    const page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(server.url + query);
    const [name = ''] = query.split('?');
    await page
      .locator(loaded[name] ?? 'agor-composer')
      .first()
      .waitFor();
    await use(page);
    assert.deepEqual(errors, []);
    await page.close();
  };
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { withPage, close };
}

/** What the page asked of the backend by this method, oldest first. */
export function requests(page: Page, method: string): Promise<Record<string, unknown>[]> {
  return page.evaluate(
    (wanted) =>
      (window.audit ?? window.board ?? window.metrics ?? window.harness).sent.flatMap((message) =>
        message.type === 'request' && message.method === wanted ? [message.params as Record<string, unknown>] : [],
      ),
    method,
  );
}

/** An open question; its number tells it apart. */
export async function ask(page: Page, number: number, request: PermissionRequest = askHidden): Promise<void> {
  const approvalId = `0000a440-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const question = { kind: 'permission', toolItemId: null, request, state: 'open', answeredBy: null, answeredAt: null } as const;
  await page.evaluate(([item, id, hash]) => window.harness.add({ ...item, approvalId: id as never, hash }), [
    question,
    approvalId,
    `hash-${number}`,
  ] as const);
}
