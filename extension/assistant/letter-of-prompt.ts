/** What is to be sent to whom, from the words behind `/send`. */

export type LetterOfPrompt = { readonly to: string; readonly text: string };

/**
 * The recipient stands first: a #channel, or a name that is known, also one of several words. An unknown name is the first
 * word, so that the refusal names what was meant. Undefined where there is nothing to send.
 */
export function letterOfPrompt(prompt: string, names: readonly string[]): LetterOfPrompt | undefined {
  const words = prompt.trim();
  const known = names
    .filter((name) => words.toLowerCase().startsWith(name.toLowerCase()) && /^([\s:,]|$)/.test(words.slice(name.length)))
    .sort((a, b) => b.length - a.length)[0];
  const to = known ?? /^[^\s:,]+/.exec(words)?.[0] ?? '';
  const text = words.slice(to.length).replace(/^[\s:,]+/, '');
  return to === '' || text === '' ? undefined : { to, text };
}
