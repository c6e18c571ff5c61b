import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextPressure } from '../../../server/health/context-pressure.ts';

for (const [name, usage, expected] of [
  ['an agent that has said nothing yet', null, null],
  ['an agent that does not tell', { contextTokens: null, contextWindowTokens: 100 }, null],
  ['an empty context', { contextTokens: 0, contextWindowTokens: 100 }, 0],
  ['a window of a known size', { contextTokens: 85, contextWindowTokens: 100 }, 0.85],
  ['a window of an unknown size', { contextTokens: 150_000, contextWindowTokens: null }, 0.75],
  ['a window that is said to have no size', { contextTokens: 100_000, contextWindowTokens: 0 }, 0.5],
  ['more than fits', { contextTokens: 110, contextWindowTokens: 100 }, 1.1],
] as const) {
  test(`of ${name}, the share is ${expected}`, () => {
    assert.equal(contextPressure(usage), expected);
  });
}
