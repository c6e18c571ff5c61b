/** The totals of a session, over resumes and kills. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Usage } from '../../../../../server/protocol/agent-event.ts';
import { parseLine } from '../../../../../server/sidecar/adapters/claude/lines.ts';
import { SessionUsage } from '../../../../../server/sidecar/adapters/claude/usage.ts';

type Count = { inputTokens: number; costUSD: number };

function result(models: Record<string, Count>, turn?: Count) {
  const modelUsage = Object.fromEntries(
    Object.entries(models).map(([name, { inputTokens, costUSD }]) => [
      name,
      { inputTokens, costUSD, outputTokens: 1, contextWindow: 200_000 },
    ]),
  );
  const total = Object.values(models).reduce((sum, { costUSD }) => sum + costUSD, 0);
  const since = turn ? { model_usage_since_last_result: { main: { ...turn, outputTokens: 0 } } } : {};
  const parsed = parseLine(JSON.stringify({ type: 'result', subtype: 'success', total_cost_usd: total, modelUsage, ...since }));
  assert.ok(parsed.kind === 'line' && parsed.line.type === 'result');
  return parsed.line;
}

const known: Usage = {
  inputTokens: 100,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  contextTokens: 90,
  contextWindowTokens: 200_000,
  costUsd: 1,
};

test('the models of a session are added up, and each result replaces the one before', () => {
  const usage = new SessionUsage(null);
  usage.answered('main', { input_tokens: 5, cache_read_input_tokens: 20, cache_creation_input_tokens: 1 });
  usage.resulted(result({ main: { inputTokens: 10, costUSD: 1 } }));
  const latest = usage.resulted(result({ main: { inputTokens: 20, costUSD: 2 }, small: { inputTokens: 3, costUSD: 0.5 } }));
  assert.deepEqual([latest?.inputTokens, latest?.costUsd, latest?.contextTokens], [23, 2.5, 26]);
});

test('a resumed program that counts on from its totals is believed', () => {
  const usage = new SessionUsage(known);
  const latest = usage.resulted(result({ main: { inputTokens: 150, costUSD: 1.5 } }, { inputTokens: 50, costUSD: 0.5 }));
  assert.deepEqual([latest?.inputTokens, latest?.costUsd], [150, 1.5]);
});

test('what a killed program has forgotten is added to each of its totals', () => {
  const usage = new SessionUsage(known);
  const first = usage.resulted(result({ main: { inputTokens: 50, costUSD: 0.5 } }, { inputTokens: 50, costUSD: 0.5 }));
  const second = usage.resulted(result({ main: { inputTokens: 60, costUSD: 0.6 } }, { inputTokens: 10, costUSD: 0.1 }));
  assert.deepEqual([first?.inputTokens, first?.costUsd], [150, 1.5]);
  assert.deepEqual([second?.inputTokens, second?.costUsd], [160, 1.6]);
});

test('a result without totals tells nothing', () => {
  const parsed = parseLine('{"type":"result","subtype":"error_during_execution"}');
  assert.ok(parsed.kind === 'line' && parsed.line.type === 'result');
  assert.equal(new SessionUsage(null).resulted(parsed.line), null);
});

test('after its context was summarized the session shows the smaller one', () => {
  const usage = new SessionUsage(null);
  assert.equal(usage.compacted(10), null);
  usage.resulted(result({ main: { inputTokens: 10, costUSD: 1 } }));
  assert.equal(usage.compacted(7)?.contextTokens, 7);
});
