/** Screens a text for orders from the wrong place. A signal, not a fence: whoever knows the rules can write around them. */
import type { Finding, Screening } from '../protocol/screening.ts';
import { type Weighed, weighed } from './context.ts';
import { decodedPieces } from './encoded-text.ts';
import { excerptAt } from './excerpt.ts';
import { commentedOrder, commentsOf, hiddenMatches } from './hidden-text.ts';
import { plainText } from './plain-text.ts';
import { ruleOf, weights } from './rule.ts';
import { ruleMatches } from './rules.ts';
import { type Evidence, verdictOf } from './verdict.ts';

const windowChars = 64 * 1024;
/** No rule looks further than that. */
const overlapChars = 4 * 1024;
/** What is longer than all windows together is not read to its end, and that is said. */
const maxWindows = 16;
const maxFindings = 20;
const maxDepth = 2;

const encoded = { family: 'encoded', isQuotable: false } as const;
const encodedOrder = ruleOf(encoded, { name: 'order', meaning: 'Becomes an order when it is decoded.', weight: weights.strong });
const encodedHint = ruleOf(encoded, { name: 'hint', meaning: 'Becomes something doubtful when it is decoded.', weight: weights.weak });
const unread = ruleOf(
  { family: 'detector', isQuotable: false },
  { name: 'too-long', meaning: 'Is too long to be read to its end.', weight: weights.medium },
);

/** Depends on the text alone, and takes a time that grows no faster than the text. */
export function screen(text: string): Screening {
  const found = windowsOf(text).flatMap(({ at, part }) => matchesIn(part, maxDepth).map((match) => moved(match, at)));
  const rest = windowChars * maxWindows - overlapChars * (maxWindows - 1);
  if (text.length > rest) found.push({ rule: unread, at: rest, end: text.length, weight: unread.weight });
  const heaviest = heaviestOfEach(found);
  return {
    verdict: verdictOf(heaviest.map(asEvidence)),
    findings: heaviest.slice(0, maxFindings).map((match) => findingOf(match, text)),
  };
}

function windowsOf(text: string): { at: number; part: string }[] {
  const step = windowChars - overlapChars;
  const count = Math.min(maxWindows, Math.max(1, Math.ceil((text.length - overlapChars) / step)));
  return Array.from({ length: count }, (_, index) => ({ at: index * step, part: text.slice(index * step, index * step + windowChars) }));
}

/** Places in the original. */
function matchesIn(text: string, depth: number): Weighed[] {
  const plain = plainText(text);
  const byRules = weighed(ruleMatches(plain.text), plain.text).map((match) => ({
    ...match,
    at: plain.originalAt(match.at),
    end: plain.originalAt(match.end - 1) + 1,
  }));
  // Hiding is no way of talking about something, so no context excuses it.
  const hidden = hiddenMatches(text).map((match) => ({ ...match, weight: match.rule.weight }));
  return [...byRules, ...hidden, ...commentedOrders(byRules, text), ...(depth > 0 ? encodedOrders(text, depth) : [])];
}

function commentedOrders(matches: readonly Weighed[], text: string): Weighed[] {
  if (matches.length === 0) return [];
  const comments = commentsOf(text);
  return matches
    .filter((match) => comments.some(({ at, end }) => at <= match.at && match.end <= end))
    .map((match) => ({ ...match, rule: commentedOrder, weight: commentedOrder.weight }));
}

function encodedOrders(text: string, depth: number): Weighed[] {
  return decodedPieces(text).flatMap(({ text: decoded, at, end }) => {
    const within = heaviestOfEach(matchesIn(decoded, depth - 1));
    const [heaviest] = within;
    if (!heaviest) return [];
    const rule = verdictOf(within.map(asEvidence)) === 'deliver' ? encodedHint : encodedOrder;
    return [{ rule, at, end, weight: rule.weight, shown: heaviest.shown ?? excerptAt(decoded, heaviest.at) }];
  });
}

function moved(match: Weighed, by: number): Weighed {
  return { ...match, at: match.at + by, end: match.end + by };
}

/** One for each rule, heaviest first: the place where it counts most. What a heavier one of its family says too is left out. */
function heaviestOfEach(matches: readonly Weighed[]): Weighed[] {
  const heaviest = new Map<string, Weighed>();
  for (const match of matches) {
    if (match.weight > (heaviest.get(match.rule.id)?.weight ?? 0)) heaviest.set(match.rule.id, match);
  }
  const sorted = [...heaviest.values()].sort((a, b) => b.weight - a.weight || a.at - b.at);
  return sorted.filter((match, index) => !sorted.slice(0, index).some((heavier) => saysMore(heavier, match)));
}

function saysMore(heavier: Weighed, { rule, at, end }: Weighed): boolean {
  return heavier.rule.family === rule.family && heavier.at < end && at < heavier.end;
}

function asEvidence({ rule, weight }: Weighed): Evidence {
  return { family: rule.family, weight };
}

function findingOf({ rule, at, shown }: Weighed, text: string): Finding {
  return { rule: rule.id, meaning: rule.meaning, excerpt: shown ?? excerptAt(text, at), at };
}
