/**
 * Runs the tests of this folder in the extension host of VS Code's server, driven by a browser, and reports each of them
 * as a test of its own.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../scripts/environment.ts';
import { launchBrowser } from '../support/browser.ts';
import { startEditor } from '../support/editor.ts';
import type { HostResult } from './index.ts';

const wholeRunTimeoutMs = 270_000;

test('in the extension host of VS Code', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'agor-host-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const resultsFile = join(folder, 'results.jsonl');
  const { exit, log } = await runInHost(resultsFile);
  const results = existsSync(resultsFile) ? readResults(resultsFile) : [];
  for (const { title, state, error } of results) {
    await t.test(title, { skip: state === 'skipped' }, () => {
      if (state === 'failed') throw new Error(error);
    });
  }
  if (exit !== 0) throw new Error(`The extension host ended its tests with ${exit}. It logged:\n${log.slice(-40).join('\n')}`);
  if (results.length === 0) throw new Error('The extension host ran no test.');
});

/** VS Code calls the two functions below when its address names tests to run. */
async function runInHost(resultsFile: string): Promise<{ exit: number | string; log: string[] }> {
  const editor = await startEditor({ env: { AGOR_HOST_RESULTS: resultsFile } });
  const browser = await launchBrowser();
  const log: string[] = [];
  try {
    const page = await browser.newPage();
    // The store of secrets needs half a key of its server, which the bare server of the tests does not have.
    await page.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 1) }));
    const exited = Promise.withResolvers<number>();
    await page.exposeFunction('codeAutomationExit', (code: number) => exited.resolve(code));
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => log.push(`${type}: ${args.map(String).join(' ')}`));
    await page.goto(editor.urlOfTests(join(root, 'dist', 'test', 'extension.cjs')));
    return { exit: await Promise.race([exited.promise, delay(wholeRunTimeoutMs, 'no answer in time', { ref: false })]), log };
  } finally {
    await browser.close();
    await editor.stop();
  }
}

function readResults(file: string): HostResult[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as HostResult);
}
