/** What a page's main thread has worked, as Chromium counts it. */
import type { Page } from 'playwright-core';

/** Answers a function that tells the seconds so far, of scripts, styles, layout and the rest together. */
export async function processorSeconds(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
}
