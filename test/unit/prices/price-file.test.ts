/** What `prices.json` may say, and what is said of nonsense in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPrices } from '../../../server/prices/price-file.ts';

const fileOf = (models: string, dated = '2026-11-20') => `{ "version": 1, "dated": "${dated}",\n"models": ${models} }`;

describe('prices.json', () => {
  it('names prices by model, with comments and the day they were looked up', () => {
    const text = fileOf('{ /* ours */ "my-model": { "input": 2, "cachedInput": 0.2, "output": 10 }, }');
    assert.deepEqual(readPrices(text), {
      prices: [{ model: 'my-model', input: 2, cachedInput: 0.2, cacheWrite: null, output: 10, dated: '2026-11-20', own: true }],
      problems: [],
    });
  });

  it('is not applied for any nonsense in it, which is told with its line', () => {
    const nonsense: readonly [text: string, line: number, said: RegExp][] = [
      ['', 0, /The file is empty/],
      ['[1]', 0, /an object with "version", "dated" and "models"/],
      ['{ "version": 1,', 0, /This is no JSON/],
      [fileOf('{ "a": { "input": -1, "output": 1 } }'), 1, /"models" › "a" › "input": a number of US dollars.*from 0/],
      [fileOf('{ "a": { "input": "2", "output": 1 } }'), 1, /"input": a number of US dollars/],
      [fileOf('{ "a": { "input": 2000000, "output": 1 } }'), 1, /to 10000/],
      [fileOf('{ "a": { "input": 1 } }'), 1, /"models" › "a" › "output"/],
      [fileOf('{ "a": { "input": 1, "output": 1, "cached": 1 } }'), 1, /"cachedInput" and "cacheWrite"/],
      [fileOf('{ "a": 3 }'), 1, /"models" › "a": "input" and "output" are expected/],
      [fileOf('{ "a": { "input": 1, "output": 1 },\n"a": { "input": 2, "output": 2 } }'), 2, /"a" stands here twice/],
      [fileOf('{}', '2026-02-30'), 0, /"dated": the day of the prices is expected/],
      [fileOf('{}', 'yesterday'), 0, /"dated": the day of the prices is expected/],
      ['{ "version": 2, "dated": "2026-11-20", "models": {} }', 0, /"version": 1 is expected/],
    ];
    for (const [text, line, said] of nonsense) {
      const { prices, problems } = readPrices(text);
      assert.equal(prices, null, text);
      assert.match(problems[0]?.message ?? '', said);
      assert.equal(problems[0]?.line, line, text);
    }
  });

  it('takes a name that is special to the language for a name', () => {
    const { prices } = readPrices(fileOf('{ "constructor": { "input": 1, "output": 1 } }'));
    assert.equal(prices?.[0]?.model, 'constructor');
  });
});
