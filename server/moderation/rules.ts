/** All rules by their families. Hidden and encoded texts are looked for by code of their own. */
import { PhraseMatcher } from './phrase-matcher.ts';
import { type Family, type Match, type Rule, ruleOf } from './rule.ts';
import { destructive } from './rules/destructive.ts';
import { envelopeForgery } from './rules/envelope-forgery.ts';
import { exfiltration } from './rules/exfiltration.ts';
import { impersonation } from './rules/impersonation.ts';
import { override } from './rules/override.ts';
import { permission } from './rules/permission.ts';
import { persistence } from './rules/persistence.ts';
import { pressure } from './rules/pressure.ts';
import { secrecy } from './rules/secrecy.ts';
import { toolCalls } from './rules/tool-calls.ts';

export const families: readonly Family[] = [
  override,
  impersonation,
  envelopeForgery,
  exfiltration,
  destructive,
  permission,
  secrecy,
  persistence,
  pressure,
  toolCalls,
];

export type PatternRule = { readonly rule: Rule; readonly pattern: RegExp };

export const patternRules: readonly PatternRule[] = families.flatMap((family) =>
  family.patterns.map(({ pattern, ...described }) => ({ rule: ruleOf(family, described), pattern })),
);
export const phraseRules = families.flatMap((family) =>
  family.phrases.map(({ phrases, within, ...described }) => ({ rule: ruleOf(family, described), phrases, within })),
);

/** Enough to find one that no context excuses, and little enough for hostile text. */
const maxMatchesPerPattern = 32;

/** Made for the first text that is looked at, and not while the program starts. */
let matcher: PhraseMatcher | undefined;

/** What the rules find in a plain text. */
export function ruleMatches(text: string): Match[] {
  matcher ??= new PhraseMatcher(phraseRules);
  return [...matcher.matches(text), ...patternRules.flatMap((rule) => patternMatches(rule, text))];
}

export function patternMatches({ rule, pattern }: PatternRule, text: string): Match[] {
  const matches: Match[] = [];
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const lead = found.length - found.trimStart().length;
    matches.push({ rule, at: index + lead, end: index + found.length });
    if (matches.length === maxMatchesPerPattern) break;
  }
  return matches;
}
