/**
 * The chat with ten thousand messages, in a real Chromium, with VS Code and the backend played by the harness: until it is
 * painted, while it is scrolled and streams, and what one more word of a message costs as the message grows. Beside it a
 * list that draws everything, and an idle page.
 */
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { serveChat } from '../support/chat-harness/serve.ts';
import { sizeOr, tellFigure } from './bench-figure.ts';
import { quantile, shareOf } from './figures.ts';
import { readFrames, watchFrames } from './page-frames.ts';
import { processorSeconds } from './page-work.ts';

const messages = sizeOr(10_000);
const paints = 3;
const scrolledFrames = 600;
const grownFrames = 1_000;
const wordsAFrame = 8;
const middle = (values: readonly number[]) => quantile(values, 0.5);

const server = await serveChat();
const browser = await launchBrowser();
const viewport = { width: 900, height: 800 };
try {
  await measurePaint();
  await measureFrames();
  await measureGrowth();
} finally {
  await browser.close();
  await server.close();
}

async function measurePaint(): Promise<void> {
  const ours: number[] = [];
  const naive: number[] = [];
  for (let round = 0; round < paints; round += 1) {
    const page = await chat();
    ours.push(await page.evaluate(() => window.agorPainted));
    const texts = await page.evaluate(() => window.harness.items.map((item) => ('text' in item ? item.text : JSON.stringify(item))));
    await page.close();
    const list = await naiveList();
    naive.push(await list.evaluate((all) => window.naive.show(all), texts));
    await list.close();
  }
  tellFigure({
    ...{ name: `chat: ${messages} messages painted`, ratio: middle(ours) / middle(naive), target: 0.05, atLeast: false },
    product: { what: 'messages there to painted', value: middle(ours), unit: 'ms' },
    peer: { what: 'a list that draws all', value: middle(naive), unit: 'ms' },
  });
}

/** Up and down through all of it, while a message at the end grows sixty times a second. */
async function measureFrames(): Promise<void> {
  const idle = await browser.newPage({ viewport });
  await idle.bringToFront();
  await watchFrames(idle);
  await idle.waitForFunction((wanted) => (window.agorFrames?.length ?? 0) > wanted, scrolledFrames / 2);
  const limit = shareOf((await readFrames(idle)).gapsMs, isSmooth);
  await idle.close();
  const page = await chat();
  await watchFrames(page);
  const spent = await processorSeconds(page);
  const before = await spent();
  const nodes = await page.evaluate(scrollAndStream, scrolledFrames);
  const workMs = (((await spent()) - before) * 1_000) / scrolledFrames;
  const { gapsMs } = await readFrames(page);
  const share = shareOf(gapsMs, isSmooth);
  console.log(
    `frames p95 ${quantile(gapsMs, 0.95).toFixed(1)} ms, longest ${Math.max(...gapsMs).toFixed(1)} ms, of ${gapsMs.length}; the page works ${workMs.toFixed(1)} ms of the processor for each`,
  );
  await page.close();
  tellFigure({
    ...{ name: 'chat: frames up to 20 ms while scrolling and streaming', ratio: share * 100, target: 99, atLeast: true, unit: '%' },
    ...{ limit: { what: 'an idle page', value: limit * 100, unit: '%' }, product: { what: 'the chat', value: share * 100, unit: '%' } },
  });
  tellFigure({ name: 'chat: elements in the page', ratio: nodes, target: 500, atLeast: false, unit: 'elements' });
}

async function measureGrowth(): Promise<void> {
  const ours = await growth(await chat(), (page) => page.evaluate(growMessage, { frames: grownFrames / 4, words: wordsAFrame }));
  const naive = await growth(await naiveList(), (page) => page.evaluate(growNaively, { frames: grownFrames / 4, words: wordsAFrame }));
  const perFrame = ({ first, last }: Growth) => `${first.toFixed(2)} → ${last.toFixed(2)} ms a frame`;
  console.log(`the page's work in the first and last quarter: chat ${perFrame(ours)}, drawn anew ${perFrame(naive)}`);
  tellFigure({
    ...{ name: 'chat: cost of a word, last quarter to first', ratio: ours.last / ours.first, target: 1.3, atLeast: false },
    product: { what: `of ${grownFrames * wordsAFrame} words`, value: ours.last / ours.first, unit: '×' },
    peer: { what: 'a message that is drawn anew', value: naive.last / naive.first, unit: '×' },
  });
}

type Growth = { readonly first: number; readonly last: number };

/** The main thread's own time, which other programs on the machine do not lengthen as they do waits. */
async function growth(page: Page, growQuarter: (page: Page) => Promise<void>): Promise<Growth> {
  const spent = await processorSeconds(page);
  const quarters: number[] = [];
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const before = await spent();
    await growQuarter(page);
    quarters.push(((await spent()) - before) * 1_000);
  }
  await page.close();
  const [first = Number.NaN, , , last = Number.NaN] = quarters;
  return { first: first / (grownFrames / 4), last: last / (grownFrames / 4) };
}

function isSmooth(gapMs: number): boolean {
  return gapMs <= 20;
}

/** Its transcript is there and drawn, and `agorPainted` says how long that took from the moment that the page had the messages. */
async function chat(): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.addInitScript(() => {
    const timed = async ({ data }: MessageEvent) => {
      if (data?.type !== 'response' || !Array.isArray(data.result?.items)) return;
      window.removeEventListener('message', timed, true);
      const begun = performance.now();
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      window.agorPainted = performance.now() - begun;
    };
    window.addEventListener('message', timed, true);
  });
  await page.goto(`${server.url}?many=${messages}`);
  await page.locator(`[data-index="${messages - 1}"]`).waitFor();
  await page.waitForFunction(() => window.agorPainted > 0);
  return page;
}

async function naiveList(): Promise<Page> {
  const entry = `${import.meta.dirname}/chat-naive.ts`;
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, format: 'iife', write: false });
  const page = await browser.newPage({ viewport });
  await page.setContent('<!DOCTYPE html><meta charset="utf-8"><body></body>');
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  return page;
}

declare global {
  interface Window {
    agorPainted: number;
  }
}

/** In the page; answers the most elements that there were. */
async function scrollAndStream(frames: number): Promise<number> {
  const transcript = document.querySelector('agor-chat-page')?.shadowRoot?.querySelector('agor-transcript')?.shadowRoot;
  const scroller = transcript?.querySelector('.scroller');
  if (!scroller) throw new Error('The page has no transcript.');
  const count = (root: ParentNode): number =>
    [...root.querySelectorAll('*')].reduce((sum, { shadowRoot }) => sum + 1 + (shadowRoot ? count(shadowRoot) : 0), 0);
  // A reader who has left the end keeps all that is loaded.
  scroller.scrollTop -= 700;
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const streamed = window.harness.stream(frames);
  let most = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    scroller.scrollTop += Math.floor(frame / 100) % 2 === 0 ? -700 : 650;
    await new Promise(requestAnimationFrame);
    if (frame % 100 === 50) most = Math.max(most, count(scroller));
  }
  await streamed;
  return most;
}

/** In the page: a message gets longer in each frame. */
async function growMessage({ frames, words }: { readonly frames: number; readonly words: number }): Promise<void> {
  const { harness } = window;
  const last = harness.items.at(-1);
  const draft = { kind: 'text', text: '', complete: false, interrupted: false } as const;
  const item = last?.kind === 'text' && !last.complete ? last : harness.add(draft);
  let offset = item.kind === 'text' ? item.text.length : 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const text = frame % 12 === 11 ? '\n\n' : ' word'.repeat(words);
    harness.change({ op: 'append', itemId: item.id, offset, text });
    offset += text.length;
    await new Promise(requestAnimationFrame);
  }
}

/** In the page. */
async function growNaively({ frames, words }: { readonly frames: number; readonly words: number }): Promise<void> {
  for (let frame = 0; frame < frames; frame += 1) {
    window.naive.grow(frame % 12 === 11 ? '\n\n' : ' word'.repeat(words));
    await new Promise(requestAnimationFrame);
  }
}
