import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lexicon } from '../../../server/moderation/lexicon.ts';
import { families, patternRules, phraseRules } from '../../../server/moderation/rules.ts';
import { screen } from '../../../server/moderation/screen.ts';
import { processorMs } from '../../screening/figures.ts';
import { hostileTexts } from '../../screening/hostile-texts.ts';

const rules = [...patternRules, ...phraseRules].map(({ rule }) => rule);

test('each rule has a name of its own and says in a sentence what it stands for', () => {
  assert.deepEqual(new Set(rules.map(({ id }) => id)).size, rules.length);
  assert.deepEqual(
    rules.filter(({ id, meaning }) => !/^[a-z]+\/[a-z-]+$/.test(id) || !/^[A-Z][^.]+\.$/.test(meaning)).map(({ id }) => id),
    [],
  );
});

test('a pattern repeats nothing without bound, so that it takes a bounded time at each place', () => {
  const bare = (pattern: RegExp) => pattern.source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  assert.deepEqual(
    patternRules.filter(({ pattern }) => /[*+]|\{\d+,\}/.test(bare(pattern)) || !pattern.global).map(({ rule }) => rule.id),
    [],
  );
});

test('each entry of the lexicon is used by a phrase', () => {
  const used = new Set(phraseRules.flatMap(({ phrases }) => phrases.flatMap((phrase) => phrase.split(' '))));
  assert.deepEqual(
    Object.keys(lexicon).filter((entry) => !used.has(`#${entry}`)),
    [],
  );
});

test('each family can flag a text by itself', () => {
  for (const { family, phrases, patterns } of families)
    assert.ok(
      [...phrases, ...patterns].some(({ weight }) => weight >= 0.5),
      family,
    );
});

test('twice as much hostile text takes no four times as long', () => {
  const short = new Map(hostileTexts(40_000).map(({ beginning, text }) => [beginning, text]));
  for (const { beginning, text } of hostileTexts(80_000)) {
    assert.ok(growsLessThanFourfold(short.get(beginning) ?? '', text), `after ${JSON.stringify(beginning)}`);
  }
});

/** By the least times of several rounds, on the processor's clock: what else the machine does only ever adds to them. */
function growsLessThanFourfold(short: string, long: string): boolean {
  let [once, twice] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 25; round++) {
    once = Math.min(
      once,
      processorMs(() => screen(short)),
    );
    twice = Math.min(
      twice,
      processorMs(() => screen(long)),
    );
    // Of less than 10 ms, the garbage collector decides more than the text.
    if (round > 0 && twice < 4 * Math.max(once, 10)) return true;
  }
  return false;
}
