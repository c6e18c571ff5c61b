/** The words the demo agent obeys, and how one is found in a prompt. */

export type Word = 'help' | 'tools' | 'edit' | 'ask' | 'long' | 'slow' | 'error' | 'crash';

export const words: readonly { readonly word: Word; readonly does: string }[] = [
  { word: 'tools', does: 'looks around in the project and says what it sees (so does any other text)' },
  { word: 'edit', does: 'proposes a change to a file, and makes it only when you allow it' },
  { word: 'ask', does: 'asks for permission to run a harmless command, and shows what it printed' },
  { word: 'long', does: 'gives a long answer of about 2,000 tokens' },
  { word: 'slow', does: 'speaks with pauses of seconds, so that there is time to stop it' },
  { word: 'error', does: 'fails the turn with an error' },
  { word: 'crash', does: 'ends its own program in the middle of the turn' },
  { word: 'help', does: 'lists these words' },
];

const mostWordsOfAnOrder = 4;

/**
 * A word counts at the beginning of a prompt, or anywhere in a very short one: "edit", "/edit", "please edit it". In
 * the middle of a sentence it is just a word, and nobody's question about a crash makes the agent crash.
 */
export function orderedWord(prompt: string): Word {
  const said = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const candidates = said.length <= mostWordsOfAnOrder ? said : said.slice(0, 1);
  return candidates.flatMap((candidate) => words.filter(({ word }) => word === candidate))[0]?.word ?? 'tools';
}
