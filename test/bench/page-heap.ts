/** What a page holds once its garbage is collected: only that can be a leak. */
import type { Page } from 'playwright-core';

/** Of its own scripts and those of all frames in its process; the collection itself costs a few frames. */
export async function heldBytes(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
}
