import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarkdownCache } from '../../../../webviews/shared/markdown-cache.ts';

/** Blocks that are the same objects were not parsed again. */
function isKept(cache: MarkdownCache, id: string, text: string, before: readonly unknown[]): boolean {
  return cache.blocks(id, text, 'complete')[0] === before[0];
}

describe('parsed messages', () => {
  it('are kept while they are used', () => {
    const cache = new MarkdownCache();
    const first = cache.blocks('a', 'one', 'complete');
    cache.blocks('b', 'two', 'complete');
    assert.ok(isKept(cache, 'a', 'one', first));
  });

  it('are forgotten when there are many others', () => {
    const cache = new MarkdownCache();
    const first = cache.blocks('a', 'one', 'complete');
    for (let index = 0; index < 400; index += 1) cache.blocks(`other-${index}`, 'two', 'complete');
    assert.ok(!isKept(cache, 'a', 'one', first));
  });

  it('are forgotten when long ones came since, of which the last stays', () => {
    const cache = new MarkdownCache();
    const first = cache.blocks('a', 'one', 'complete');
    const long = 'word '.repeat(250_000);
    const second = cache.blocks('long', long, 'complete');
    assert.ok(isKept(cache, 'long', long, second));
    assert.ok(!isKept(cache, 'a', 'one', first));
  });

  it('count as they are now, however they grew', () => {
    const cache = new MarkdownCache();
    const first = cache.blocks('a', 'one', 'complete');
    for (let length = 1; length <= 2_000; length += 1) cache.blocks('growing', 'w'.repeat(length), 'growing');
    assert.ok(isKept(cache, 'a', 'one', first));
  });
});
