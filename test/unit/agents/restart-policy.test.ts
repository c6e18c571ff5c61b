import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  afterCrash,
  type CrashHistory,
  noCrashes,
  type RestartRules,
  restartRules,
  type Verdict,
} from '../../../server/agents/restart-policy.ts';
import { defaultSettings } from '../../../server/protocol/settings.ts';

const rules = restartRules((name) => defaultSettings[name]);
const minuteMs = 60_000;
const [short, stable] = [rules.stableMs - 1, rules.stableMs];

/** What is done after each of these runs, the crashes following each other so closely. */
function verdicts(runsMs: readonly number[], used: RestartRules = rules, apartMs = 0): Verdict[] {
  let history: CrashHistory = noCrashes;
  return runsMs.map((ranMs) => {
    const aged = { ...history, stableCrashAgesMs: history.stableCrashAgesMs.map((ageMs) => ageMs + ranMs + apartMs) };
    const verdict = afterCrash(aged, ranMs, used);
    history = verdict.history;
    return verdict;
  });
}

function words(found: readonly Verdict[]): (number | string)[] {
  return found.map((verdict) => (verdict.action === 'restart' ? verdict.delayMs / 1000 : `${verdict.reason} after ${verdict.attempts}`));
}

describe('a sidecar that crashes at once, each time', () => {
  it('is started again after 1, 2, 4, 8 and 16 s, and then no more', () => {
    assert.deepEqual(words(verdicts([0, 0, 0, 0, 0, 0])), [1, 2, 4, 8, 16, 'attempts after 5']);
  });

  it('waits no longer than the bound, however many attempts there are', () => {
    const waits = words(verdicts([0, 0, 0, 0, 0, 0, 0, 0], { ...rules, maxAttempts: 7 }));
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 'attempts after 7']);
  });

  it('is given up at once when only one attempt is allowed and it fails', () => {
    assert.deepEqual(words(verdicts([0, 0], { ...rules, maxAttempts: 1 })), [1, 'attempts after 1']);
  });

  it('counts on while its runs are too short to be good ones', () => {
    assert.deepEqual(words(verdicts([short, short, short, short, short, short])), [1, 2, 4, 8, 16, 'attempts after 5']);
  });
});

describe('a good run', () => {
  it('makes the next crash the first one again', () => {
    assert.deepEqual(words(verdicts([0, 0, 0, stable, 0, 0])), [1, 2, 4, 1, 2, 4]);
  });

  it('before each crash is no reason to give up, as long as there are few within an hour', () => {
    assert.deepEqual(words(verdicts([stable, stable, stable, stable, stable, stable])), [1, 1, 1, 1, 1, 1]);
  });

  it('before each of seven crashes within an hour is flapping', () => {
    assert.deepEqual(words(verdicts(Array(7).fill(stable))), [1, 1, 1, 1, 1, 1, 'flapping after 7']);
  });

  it('before each crash, ten minutes apart, goes on for ever: only six fall into an hour', () => {
    assert.deepEqual(new Set(words(verdicts(Array(50).fill(10 * minuteMs)))), new Set([1]));
  });

  it('does not take back what flapping counts: crashes at once in between change nothing', () => {
    const runs = [stable, 0, stable, 0, stable, 0, stable, 0, stable, 0, stable, 0, stable];
    assert.equal(words(verdicts(runs)).at(-1), 'flapping after 7');
  });
});
