/** Finds phrases in one pass over the words, however many phrases there are. */
import { lexicon } from './lexicon.ts';
import { plainText } from './plain-text.ts';
import type { Match, Rule } from './rule.ts';
import { type Word, wordsOf } from './words.ts';

export type PhraseRule = { readonly rule: Rule; readonly phrases: readonly string[]; readonly within: number };

/** A word's place in a phrase. `state` is where the matcher notes how far it has come. */
type Slot = { readonly rule: Rule; readonly within: number; readonly state: number; readonly isFirst: boolean; readonly isLast: boolean };

/** Enough to find one that no context excuses, and little enough for hostile text. */
const maxMatchesPerRule = 32;

export class PhraseMatcher {
  readonly #slotsOf = new Map<string, Slot[]>();
  #states = 0;

  constructor(rules: readonly PhraseRule[]) {
    for (const { rule, phrases, within } of rules) {
      for (const phrase of phrases) this.#add(phrase.split(' '), rule, within);
    }
  }

  /** In the order in which they end. */
  matches(text: string): Match[] {
    const reached = new Float64Array(this.#states).fill(Number.NEGATIVE_INFINITY);
    const begun = new Float64Array(this.#states);
    const counts = new Map<Rule, number>();
    const matches: Match[] = [];
    for (const word of wordsOf(text, (text) => this.#slotsOf.has(text))) {
      for (const slot of this.#slotsOf.get(word.text) ?? []) {
        if (!advance(slot, word, { reached, begun }) || !slot.isLast) continue;
        const count = (counts.get(slot.rule) ?? 0) + 1;
        counts.set(slot.rule, count);
        if (count <= maxMatchesPerRule) matches.push({ rule: slot.rule, at: begun[slot.state] ?? 0, end: word.end });
      }
    }
    return matches;
  }

  #add(words: readonly string[], rule: Rule, within: number): void {
    words.forEach((word, index) => {
      const slot = { rule, within, state: this.#states++, isFirst: index === 0, isLast: index === words.length - 1 };
      for (const form of formsOf(word)) {
        const slots = this.#slotsOf.get(form) ?? [];
        // Later places first, so that one word does not take two places of a phrase.
        slots.unshift(slot);
        this.#slotsOf.set(form, slots);
      }
    });
  }
}

type Progress = { readonly reached: Float64Array; readonly begun: Float64Array };

/** The latest place is kept: from there the next word has the longest way. */
function advance(slot: Slot, { at, ordinal }: Word, { reached, begun }: Progress): boolean {
  const before = slot.state - 1;
  if (!slot.isFirst && ordinal - (reached[before] ?? Number.NEGATIVE_INFINITY) > slot.within) return false;
  reached[slot.state] = ordinal;
  begun[slot.state] = slot.isFirst ? at : (begun[before] ?? at);
  return true;
}

function formsOf(word: string): string[] {
  if (!word.startsWith('#')) return [asRead(word)];
  const forms = lexicon[word.slice(1)];
  if (!forms) throw new Error(`The lexicon has no entry "${word}".`);
  return [...new Set(forms.trim().split(/\s+/).map(asRead))];
}

function asRead(word: string): string {
  return plainText(word).text.replace("'", '');
}
