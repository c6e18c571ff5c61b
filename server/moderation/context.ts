/** Where a text talks about orders rather than giving them: there a finding counts less. It never counts for nothing. */
import type { Match } from './rule.ts';

export type Weighed = Match & {
  readonly weight: number;
  /** To be shown in place of what stands there. */
  readonly shown?: string;
};

/** Each turns a strong finding from a hold into a flag, and lets a medium one pass: writing such words is no way around strong rules. */
const quotedFactor = 0.7;
const discussedFactor = 0.7;

const codeBlock = /```[^`]{0,20000}```|`[^`\n]{1,400}`/g;
const discussion =
  /prompt[ -]injection|jailbreak|malicious|attacker|vulnerabilit|\bcve-\d|exploit|untrusted|\bxss\b|sanitiz|red[ -]team|phishing|social engineering/g;
/** One word may be a pretext. */
const minDiscussionWords = 2;

/** `matches` are places in `text`, which is plain. */
export function weighed(matches: readonly Match[], text: string): Weighed[] {
  if (matches.length === 0) return [];
  const quoted = [...text.matchAll(codeBlock)].map(({ 0: found, index }) => ({ at: index, end: index + found.length }));
  const isDiscussed = new Set([...text.matchAll(discussion)].map(([found]) => found)).size >= minDiscussionWords;
  return matches.map((match) => {
    const isQuoted = match.rule.isQuotable && quoted.some(({ at, end }) => at <= match.at && match.end <= end);
    return { ...match, weight: match.rule.weight * (isQuoted ? quotedFactor : 1) * (isDiscussed ? discussedFactor : 1) };
  });
}
