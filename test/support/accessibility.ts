/** What axe finds in a page or in a webview's frame. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Finding = { id: string; impact?: string | null; nodes: { html: string }[] };

/** The serious and critical findings, one line each. Injected by the debugger, which no content security policy stops. */
export async function seriousFindings(frame: Frame | Page): Promise<string[]> {
  await frame.evaluate(axeSource);
  // The page's `axe` is defined by the line above and has no type here.
  const found = (await frame.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  )) as Finding[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}
