/** What each page of the harness is held to, and the picture of it that is kept to be looked at. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../../scripts/environment.ts';
import { seriousFindings } from '../accessibility.ts';

/** Nothing serious for those who cannot look, and no wider than its window. */
export async function looksGood(page: Page, name: string, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await shoot(page, name);
  assert.deepEqual(await seriousFindings(page), []);
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(isWider, false, 'the page is wider than its window');
}

export async function shoot(page: Page, name: string): Promise<void> {
  const folder = join(root, 'test-output', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
