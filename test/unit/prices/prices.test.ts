/** What a session cost, by whose word, and from which table. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Prices } from '../../../server/prices/prices.ts';
import type { ModelTokens, Usage } from '../../../server/protocol/agent-event.ts';

const used = (model: string, more: Partial<ModelTokens> = {}): ModelTokens => ({
  ...{ model, inputTokens: 1_000_000, outputTokens: 100_000, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...more,
});
const usageOf = (byModel?: ModelTokens[], costUsd: number | null = null): Usage => ({
  ...{ inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, contextTokens: null, contextWindowTokens: null },
  costUsd,
  ...(byModel && { byModel }),
});

function makePrices(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'agor-prices-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'prices.json');
  const logged: string[] = [];
  const put = (models: object) => writeFileSync(path, JSON.stringify({ version: 1, dated: '2026-11-25', models }));
  return { path, put, logged, prices: new Prices({ path, log: (message) => logged.push(message) }) };
}

describe('what a session cost', () => {
  it('is what its agent says, where it says it', (t) => {
    const { costUsd, costSource } = makePrices(t).prices.priced(usageOf([used('gpt-6.1-sol')], 0.5));
    assert.deepEqual([costUsd, costSource], [0.5, { by: 'agent' }]);
  });

  it('is priced by the table that comes along, which says its day', (t) => {
    const tokens = used('gpt-6.1-sol', { cacheReadTokens: 2_000_000 });
    const { costUsd, costSource } = makePrices(t).prices.priced(usageOf([tokens, used('gpt-6-luna')]));
    // 2 + 1 + 0.2, and 0.1 + 0.05.
    assert.ok(Math.abs((costUsd ?? 0) - 3.35) < 1e-9);
    assert.deepEqual(costSource, { by: 'prices', dated: '2026-10-27', own: false });
  });

  it('is unknown, and never a part of it, when one of its models has no price', (t) => {
    const { costUsd, costSource, unpriced } = makePrices(t).prices.priced(usageOf([used('gpt-6.1-sol'), used('other')]));
    assert.deepEqual([costUsd, costSource, unpriced], [null, undefined, ['other']]);
  });

  it('is unknown when tokens of a kind were used that has no price', (t) => {
    const { prices, put } = makePrices(t);
    put({ other: { input: 1, output: 1 } });
    assert.deepEqual(prices.priced(usageOf([used('other', { cacheReadTokens: 1 })])).unpriced, ['other']);
    assert.equal(prices.priced(usageOf([used('other')])).costUsd, 1.1);
  });

  it('stays as it was told where nobody says which model used what', (t) => {
    assert.deepEqual(makePrices(t).prices.priced(usageOf()), usageOf());
  });
});

describe('the table', () => {
  it('takes the person’s prices over its own as soon as they are there, and its own again when they are gone', (t) => {
    const { prices, put, path } = makePrices(t);
    assert.deepEqual([prices.report().exists, prices.report().isInForce], [false, true]);
    put({ 'gpt-6.1-sol': { input: 4, output: 0 } });
    const { costUsd, costSource } = prices.priced(usageOf([used('gpt-6.1-sol')]));
    assert.deepEqual([costUsd, costSource], [4, { by: 'prices', dated: '2026-11-25', own: true }]);
    rmSync(path);
    assert.equal(prices.priced(usageOf([used('gpt-6.1-sol')])).costUsd, 3);
  });

  it('leaves in force what was when the file cannot be used, and says so with its line', (t) => {
    const { prices, put, path, logged } = makePrices(t);
    put({ other: { input: 1, output: 0 } });
    assert.equal(prices.priced(usageOf([used('other')])).costUsd, 1);
    writeFileSync(path, '{ "version": 1,\n "dated": 7, "models": {} }');
    assert.equal(prices.priced(usageOf([used('other')])).costUsd, 1);
    assert.match(prices.problem() ?? '', /prices\.json, line 2: "dated".*stay\.$/);
    assert.deepEqual(logged, ['prices.json was not applied']);
    put({});
    assert.equal(prices.problem(), undefined);
    assert.equal(prices.priced(usageOf([used('other')])).costUsd, null);
  });
});
