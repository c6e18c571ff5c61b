/** What a rule of the screening is. Matching takes time that grows no faster than the text, by how a rule can be written. */

/** How much a finding counts by itself, from 0 to 1. */
export const weights = {
  /** Nobody writes that by accident: holds the text. */
  strong: 0.82,
  /** Rare in honest texts: flags it, and holds it beside a finding of another family. */
  medium: 0.58,
  /** Common: counts only beside another one. */
  weak: 0.3,
} as const;

type Described = {
  /** Within its family. */
  readonly name: string;
  /** What it stands for, in a short sentence. */
  readonly meaning: string;
  readonly weight: number;
};

/** Words in an order, with a few others between them. */
export type Phrases = Described & {
  /** Each a row of words; `#word` stands for all of that entry of the lexicon. */
  readonly phrases: readonly string[];
  /** How many words further the next one may stand. */
  readonly within: number;
};

/** For what has a form rather than words. It is tried on the plain text, so it is in lower case. */
export type Pattern = Described & {
  /** Global, and without `*` and `+`: a bounded pattern takes a bounded time at each place. */
  readonly pattern: RegExp;
};

export type Family = {
  readonly family: string;
  /** Whether the words mean less in code, where a sentence is an example. A command in code is still a command. */
  readonly isQuotable: boolean;
  readonly phrases: readonly Phrases[];
  readonly patterns: readonly Pattern[];
};

/** A rule as it is named in findings. */
export type Rule = {
  /** `family/name`. */
  readonly id: string;
  readonly family: string;
  readonly meaning: string;
  readonly weight: number;
  readonly isQuotable: boolean;
};

/** A place that fits a rule; whether in the plain text or in the original, whoever passes it says. */
export type Match = { readonly rule: Rule; readonly at: number; readonly end: number };

export function ruleOf({ family, isQuotable }: Pick<Family, 'family' | 'isQuotable'>, { name, meaning, weight }: Described): Rule {
  return { id: `${family}/${name}`, family, meaning, weight, isQuotable };
}
