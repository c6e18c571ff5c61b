/**
 * Measures the screening on the corpus of attacks and on honest texts from disk: what is found of each family, what of the
 * families that no rule was written for, how many honest texts are disturbed, and how long it takes.
 *   npm run bench:screening
 */
import { plainText } from '../../server/moderation/plain-text.ts';
import { patternMatches, patternRules } from '../../server/moderation/rules.ts';
import { screen } from '../../server/moderation/screen.ts';
import { attackFamilies } from './attack-corpus.ts';
import { benignTexts } from './benign-corpus.ts';
import type { AttackFamily } from './expand.ts';
import { foundShare, processorMs, quantile, tally } from './figures.ts';
import { hostileTexts } from './hostile-texts.ts';

const benignCount = 2000;
const partChars = 16 * 1024;
const hostileChars = 100 * 1024;
const rounds = 3;

const known = attackFamilies.filter(({ isHeldOut }) => !isHeldOut);
const heldOut = attackFamilies.filter(({ isHeldOut }) => isHeldOut);
const benign = benignTexts(benignCount).map(({ text }) => text);

print('Attacks, flagged or held:');
for (const family of [...known, ...heldOut]) print(familyLine(family));
print(recallLine('known families', known));
print(recallLine('held-out families', heldOut));
printFalseAlarms();
printTimes();
printSlowest();

function familyLine({ name, isHeldOut, texts }: AttackFamily): string {
  const counts = tally(texts);
  return `  ${(isHeldOut ? `${name} (held out)` : name).padEnd(24)} ${percent(foundShare(counts))}  of ${counts.total}, held ${counts.hold}`;
}

function recallLine(name: string, families: readonly AttackFamily[]): string {
  const counts = tally(families.flatMap(({ texts }) => texts));
  return `${name}: recall ${percent(foundShare(counts))} of ${counts.total} texts in ${families.length} families`;
}

function printFalseAlarms(): void {
  const { flag, hold, total } = tally(benign);
  print(`honest texts: ${flag} flagged (${percent(flag / total)}), ${hold} held (${percent(hold / total)}) of ${total}`);
}

function printTimes(): void {
  const all = benign.join('\n\n');
  const parts = Array.from({ length: Math.floor(all.length / partChars) }, (_, index) =>
    all.slice(index * partChars, (index + 1) * partChars),
  );
  for (const part of parts) screen(part);
  const times = parts.map((part) => leastMs(() => screen(part)));
  print(
    `16 KB of honest text: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms (${parts.length} parts)`,
  );
}

function printSlowest(): void {
  const hostile = hostileTexts(hostileChars).map(({ beginning, text }) => ({ beginning, plain: plainText(text).text, text }));
  const rules = patternRules.flatMap((rule) =>
    hostile.map(({ beginning, plain }) => ({
      name: `${rule.rule.id} on ${JSON.stringify(beginning)}`,
      ms: leastMs(() => patternMatches(rule, plain)),
    })),
  );
  const wholes = hostile.map(({ beginning, text }) => ({ name: `all on ${JSON.stringify(beginning)}`, ms: leastMs(() => screen(text)) }));
  print(`slowest rule on 100 KB of hostile text: ${slowest(rules)}`);
  print(`slowest whole screening of 100 KB of hostile text: ${slowest(wholes)}`);
}

function slowest(measured: readonly { readonly name: string; readonly ms: number }[]): string {
  const worst = measured.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
  return `${worst.name}, ${worst.ms.toFixed(1)} ms`;
}

/** Of a few rounds, the garbage collector comes into some. */
function leastMs(work: () => unknown): number {
  return Math.min(...Array.from({ length: rounds }, () => processorMs(work)));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(7);
}

function print(line: string): void {
  console.log(line);
}
