/** What a person does not see and a model reads. Looked for in the original, because the plain text is free of it. */
import { lookAlikeLetters } from './plain-text.ts';
import { type Match, type Rule, ruleOf, weights } from './rule.ts';

type Hider = { readonly rule: Rule; readonly find: (text: string) => Found | undefined };
type Found = { readonly at: number; readonly end: number };

const family = { family: 'hidden', isQuotable: false } as const;

/** Letters of flags of regions are written in tags too, after a black flag. */
const tag = /[\u{e0020}-\u{e007e}](?<!\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6})/u;
const turnsOrder = /[\u202a-\u202e\u2066-\u2069]/;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
/** Where they join nothing: between letters that are never joined. */
const betweenLetters = /(?<=[a-z0-9])\p{Default_Ignorable_Code_Point}{1,64}(?=[a-z0-9])/giu;
const mixed = new RegExp(`[a-z][${lookAlikeLetters}]|[${lookAlikeLetters}][a-z]`, 'gi');
const escapeChar = String.fromCharCode(0x1b);
/** Concealed letters, moves of the cursor, and what goes to the terminal's program rather than onto the screen. */
const concealed = new RegExp(String.raw`${escapeChar}(?:\[(?:\d{1,3};){0,8}0?8m|\]|\[\d{0,4}[A-DF-HJKSTf])`);
const invisibleMarkup =
  /<[a-z]{1,12}\s[^<>\n]{0,200}(?:display:\s?none|visibility:\s?hidden|font-size:\s?0|opacity:\s?0[;"' ]|color[:=]\s?["']?(?:white|#fff(?:fff)?)\b)/i;
const manyPlaces = 3;

/** Only where there are other characters than ASCII has. */
const byCharacters: readonly Hider[] = [
  hider('tags', 'Holds letters that no font shows.', (text) => first(tag, text)),
  hider('direction', 'Turns the order of the text round.', (text) => (rightToLeft.test(text) ? undefined : first(turnsOrder, text))),
  hider('zero-width', 'Holds characters without width within words.', (text) => firstOfMany(betweenLetters, text)),
  hider('look-alikes', 'Mixes alphabets within words.', (text) => firstOfMany(mixed, text)),
];
const byMarkup: readonly Hider[] = [
  hider('terminal', 'Holds control sequences that hide text in a terminal.', (text) => first(concealed, text)),
  hider('markup', 'Holds markup that hides its text.', (text) => first(invisibleMarkup, text)),
];

/** An order where a reader of the rendered page sees none. */
export const commentedOrder = ruleOf(family, {
  name: 'comment',
  meaning: 'Holds an order in a comment that is not shown.',
  weight: weights.medium,
});

export function hiddenMatches(text: string): Match[] {
  const hiders = /[\u0080-\uffff]/.test(text) ? [...byCharacters, ...byMarkup] : byMarkup;
  return hiders.flatMap(({ rule, find }) => {
    const found = find(text);
    return found ? [{ rule, ...found }] : [];
  });
}

/** Where comments of markup are; one without an end goes on to the end of the text. */
export function commentsOf(text: string): Found[] {
  const comments: Found[] = [];
  for (let at = text.indexOf('<!--'); at !== -1; at = text.indexOf('<!--', comments.at(-1)?.end ?? text.length)) {
    const close = text.indexOf('-->', at);
    comments.push({ at, end: close === -1 ? text.length : close + 3 });
  }
  return comments;
}

function hider(name: string, meaning: string, find: Hider['find']): Hider {
  return { rule: ruleOf(family, { name, meaning, weight: weights.medium }), find };
}

function first(pattern: RegExp, text: string): Found | undefined {
  const match = pattern.exec(text);
  return match ? { at: match.index, end: match.index + match[0].length } : undefined;
}

/** One may be an accident of copying. */
function firstOfMany(pattern: RegExp, text: string): Found | undefined {
  const places: Found[] = [];
  for (const { 0: found, index } of text.matchAll(pattern)) {
    places.push({ at: index, end: index + found.length });
    if (places.length === manyPlaces) return places[0];
  }
  return undefined;
}
