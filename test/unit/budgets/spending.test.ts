import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { dayOf } from '../../../server/budgets/day.ts';
import { isNearlyUsedUp, isUsedUp, limitOf, raisedLimit, type Sums, spentOf, sumOf } from '../../../server/budgets/spending.ts';
import { growthOf, toldOf } from '../../../server/budgets/told-usage.ts';
import { TurnTally } from '../../../server/budgets/turn-tally.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { defaultSettings, settingSchemas } from '../../../server/protocol/settings.ts';
import { ids, text, toolStarted } from '../../support/transcripts.ts';

const none: Sums = { usdAgent: 0, usdPrices: 0, usdEstimate: 0, tokensAgent: 0, tokensEstimate: 0, unpricedTokens: 0, dated: null };
const usage = {
  ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 1_000, cacheWriteTokens: 10 },
  ...{ contextTokens: null, contextWindowTokens: null, costUsd: null },
};

test('each part of an amount names who says so, with the day of the oldest price', () => {
  const sums = sumOf([
    { ...none, usdAgent: 1, tokensAgent: 5 },
    { ...none, usdPrices: 2, dated: '2026-11-02' },
    { ...none, usdPrices: 1, usdEstimate: 0.5, tokensEstimate: 3, dated: '2026-10-27' },
  ]);
  assert.deepEqual(spentOf(sums, 'usd'), {
    amount: 4.5,
    parts: [
      { by: 'agent', amount: 1, dated: null },
      { by: 'price table', amount: 3, dated: '2026-10-27' },
      { by: 'estimate', amount: 0.5, dated: null },
    ],
    unknownTokens: 0,
  });
  assert.deepEqual([spentOf(sums, 'tokens').amount, spentOf(sums, 'tokens').parts.map(({ by }) => by)], [8, ['agent', 'estimate']]);
});

test('a cost that nobody knows is null and never 0; beside a known one it is told by its tokens; nothing spent is 0', () => {
  assert.equal(spentOf({ ...none, unpricedTokens: 9 }, 'usd').amount, null);
  assert.deepEqual(
    [spentOf({ ...none, usdAgent: 1, unpricedTokens: 9 }, 'usd').amount, spentOf({ ...none, unpricedTokens: 9 }, 'usd').unknownTokens],
    [1, 9],
  );
  assert.equal(spentOf(none, 'usd').amount, 0);
  assert.equal(isUsedUp({ limit: 1, spent: spentOf({ ...none, unpricedTokens: 9 }, 'usd') }), false, 'what is unknown passes no budget');
});

test('a budget is nearly used up at 80 %, used up at 100 %, and neither without a limit', () => {
  const spent = (amount: number) => ({ amount, parts: [], unknownTokens: 0 });
  const states = [7.9, 8, 9.99, 10, 11].map((amount) => [
    isNearlyUsedUp({ limit: 10, spent: spent(amount) }),
    isUsedUp({ limit: 10, spent: spent(amount) }),
  ]);
  assert.deepEqual(states, [
    [false, false],
    [true, false],
    [true, false],
    [true, true],
    [true, true],
  ]);
  assert.equal(isUsedUp({ limit: null, spent: spent(1e9) }), false);
  assert.deepEqual(
    [raisedLimit({ limit: 10, spent: spent(10), unit: 'usd' }), raisedLimit({ limit: 10, spent: spent(30), unit: 'usd' })],
    [15, 37.5],
  );
});

test('the limit of today goes before the own one, and that before the setting', () => {
  const of = { scope: 'agent', unit: 'usd', ofId: 'a', day: '2026-11-20' } as const;
  const row = (day: string, amount: number | null) => ({ scope: 'agent', unit: 'usd', ofId: 'a', day, amount }) as const;
  const defaults = () => 10;
  assert.deepEqual(limitOf({ ...of, limits: [] }, defaults), { limit: 10, limitFrom: 'setting' });
  assert.deepEqual(limitOf({ ...of, limits: [row('', 20)] }, defaults), { limit: 20, limitFrom: 'own' });
  assert.deepEqual(limitOf({ ...of, limits: [row('', 20), row('2026-11-20', null)] }, defaults), { limit: null, limitFrom: 'today' });
  assert.deepEqual(
    limitOf({ ...of, limits: [] }, () => 'none' as const),
    { limit: null, limitFrom: 'setting' },
  );
});

test('0 is refused wherever a limit is set, and none is a word', () => {
  for (const name of ['budget.agentUsdPerDay', 'budget.turnTokens'] as const) {
    for (const value of [0, -1, '0', '', null, Number.NaN])
      assert.equal(settingSchemas[name].safeParse(value).success, false, String(value));
    assert.equal(settingSchemas[name].safeParse('none').success, true);
    assert.ok(Number(defaultSettings[name]) > 0, 'it is on by default');
  }
});

test('tokens count whole, those from a cache a tenth; a program that tells none tells no amount', () => {
  assert.equal(toldOf(usage).tokens, 230);
  assert.equal(toldOf({ ...usage, inputTokens: null, outputTokens: null }).tokens, null);
});

test('what is new of a session is what its totals grew by, and a total that fell adds nothing', () => {
  const told = (usd: number | null, tokens: number | null) => ({ usd, tokens, by: 'agent' as const, dated: null });
  assert.deepEqual(growthOf({ usd: 1, tokens: 10 }, told(1.5, 30)), { usd: 0.5, tokens: 20, unpricedTokens: 0 });
  assert.deepEqual(growthOf({ usd: 1, tokens: 10 }, told(0.5, 5)), { usd: 0, tokens: 0, unpricedTokens: 0 });
  assert.deepEqual(growthOf({ usd: null, tokens: null }, told(null, 30)), { usd: 0, tokens: 30, unpricedTokens: 30 });
  assert.deepEqual(
    growthOf({ usd: null, tokens: 30 }, told(6, 60)),
    { usd: 3, tokens: 30, unpricedTokens: 0 },
    'of a price that was found late, the new part',
  );
});

test('an estimate grows with what is seen, counts each item once, and is 0 for a turn that did nothing', () => {
  const tally = new TurnTally(ids.turn(), newId<SessionId>());
  assert.equal(tally.tokens(null), 0);
  const item = ids.item();
  tally.onEvent(text(item, 0, 'x'.repeat(400)));
  const once = tally.tokens(null);
  tally.onEvent(text(item, 0, 'x'.repeat(400)));
  assert.deepEqual([once, tally.tokens(null)], [1_100, 1_100]);
  tally.onEvent(toolStarted(ids.item()));
  assert.ok(tally.tokens(null) > 2_000, 'another call reads the context again');
  assert.ok(tally.tokens(100_000) > tally.tokens(null));
});

test('a day is of the person, who has midnight where the backend runs', () => {
  assert.equal(dayOf(new Date(2026, 10, 20, 0, 0, 0).getTime()), '2026-11-20');
  assert.equal(dayOf(new Date(2026, 10, 19, 23, 59, 59, 999).getTime()), '2026-11-19');
});
