/** How a page draws: the times between its frames, and what it holds. */
import type { Frame, Page } from 'playwright-core';

export type Drawing = { readonly gapsMs: readonly number[]; readonly nodes: number };

declare global {
  interface Window {
    agorFrames?: number[];
  }
}

/** From now on the page keeps the time of each of its frames. */
export async function watchFrames(frame: Frame | Page): Promise<void> {
  await frame.evaluate(() => {
    const times: number[] = [];
    window.agorFrames = times;
    const next = (now: number) => {
      times.push(now);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/** Since it was asked last. */
export async function readFrames(frame: Frame | Page): Promise<Drawing> {
  return frame.evaluate(() => {
    const times = window.agorFrames?.splice(0) ?? [];
    const last = times.at(-1);
    if (last !== undefined) window.agorFrames?.push(last);
    const countNodes = (root: ParentNode): number =>
      [...root.querySelectorAll('*')].reduce((sum, { shadowRoot }) => sum + 1 + (shadowRoot ? countNodes(shadowRoot) : 0), 0);
    return {
      gapsMs: times.slice(1).map((time, index) => time - (times[index] ?? time)),
      nodes: countNodes(document),
    };
  });
}
