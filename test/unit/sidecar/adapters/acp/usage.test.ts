import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promptUsage } from '../../../../../server/sidecar/adapters/acp/acp-update.ts';
import { noUsage, withContext, withPrompt } from '../../../../../server/sidecar/adapters/acp/usage.ts';

const update = { sessionUpdate: 'usage_update', used: 10, size: 100 } as const;

describe('usage of an ACP session', () => {
  it('takes the context as it is told, and knows nothing else', () => {
    assert.deepEqual(withContext(noUsage, update), { ...noUsage, contextTokens: 10, contextWindowTokens: 100 });
  });

  it('takes the cost as the total that it is, in dollars only, and keeps it when it is not told again', () => {
    const paid = withContext(noUsage, { ...update, cost: { amount: 0.5, currency: 'USD' } });
    assert.equal(paid.costUsd, 0.5);
    assert.equal(withContext(paid, update).costUsd, 0.5);
    assert.equal(withContext(noUsage, { ...update, cost: { amount: 3, currency: 'credits' } }).costUsd, null);
  });

  it('adds the tokens of the prompts, and stays unknown where nothing was told', () => {
    const once = withPrompt(noUsage, { inputTokens: 5, outputTokens: 2, cachedReadTokens: 1, cachedWriteTokens: null });
    const twice = withPrompt(once, { inputTokens: 7, outputTokens: 3, cachedReadTokens: undefined, cachedWriteTokens: null });
    assert.deepEqual(twice, { ...noUsage, inputTokens: 12, outputTokens: 5, cacheReadTokens: 1 });
  });
});

/** As each program answered a prompt. */
describe('the tokens of one prompt', () => {
  it('are in the answer, each time for that prompt alone', () => {
    const usage = { totalTokens: 170, inputTokens: 100, outputTokens: 20, cachedReadTokens: 50, cachedWriteTokens: 0 };
    const quota = { token_count: { input_tokens: 999, output_tokens: 999 } };
    assert.equal(
      promptUsage({ stopReason: 'end_turn', usage, _meta: { quota } })?.inputTokens,
      100,
      'as OpenCode and both adapters tell them',
    );
  });

  it('are beside the protocol in Gemini CLI', () => {
    const quota = { token_count: { input_tokens: 150, output_tokens: 20 }, model_usage: [{ model: 'g', token_count: {} }] };
    const usage = promptUsage({ stopReason: 'end_turn', _meta: { quota } });
    assert.deepEqual(withPrompt(noUsage, usage ?? assert.fail()), { ...noUsage, inputTokens: 150, outputTokens: 20 });
  });

  it('are unknown in an answer of another shape', () => {
    for (const answer of [null, {}, { usage: null }, { _meta: { quota: {} } }, { usage: { inputTokens: -1, outputTokens: 1 } }]) {
      assert.equal(promptUsage(answer), null);
    }
  });
});
