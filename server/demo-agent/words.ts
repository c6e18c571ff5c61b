/** The words the demo agent obeys, and how one is found in a prompt. */

export type Word =
  | 'help'
  | 'tools'
  | 'edit'
  | 'ask'
  | 'long'
  | 'slow'
  | 'error'
  | 'crash'
  | 'tell'
  | 'inbox'
  | 'reply'
  | 'tasks'
  | 'task'
  | 'move';

/** `takes`: what follows it; then it counts at the beginning only. */
type KnownWord = { readonly word: Word; readonly takes?: string; readonly does: string };

export const words: readonly KnownWord[] = [
  { word: 'tools', does: 'looks around in the project and says what it sees (so does any other text)' },
  { word: 'edit', does: 'proposes a change to a file, and makes it only when you allow it' },
  { word: 'ask', does: 'asks for permission to run a harmless command, and shows what it printed' },
  { word: 'long', does: 'gives a long answer of about 2,000 tokens' },
  { word: 'slow', does: 'speaks with pauses of seconds, so that there is time to stop it' },
  { word: 'error', does: 'fails the turn with an error' },
  { word: 'crash', does: 'ends its own program in the middle of the turn' },
  { word: 'tell', takes: '<agent> <text>', does: 'writes to another agent of the team, or to you: `tell person done`' },
  { word: 'inbox', does: 'shows what others wrote to it' },
  { word: 'reply', takes: '<id> <text>', does: 'answers a message' },
  { word: 'tasks', does: 'shows the board of the team' },
  { word: 'task', takes: '<title>', does: 'puts a task on the board' },
  { word: 'move', takes: '<number> <state>', does: 'moves a task: todo, progress, review, done, blocked or rejected' },
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
  const ordered = candidates.flatMap((candidate, at) =>
    words.filter(({ word, takes }) => word === candidate && (takes === undefined || at === 0)),
  );
  return ordered[0]?.word ?? 'tools';
}

/** What stands behind the word that a prompt begins with. */
export function argumentsOf(prompt: string): string {
  return prompt.replace(/^[^\p{L}\p{N}]*[\p{L}\p{N}]+:?\s*/u, '').trim();
}

/** As a list in markdown. */
export function wordList(): string {
  return words.map(({ word, takes, does }) => `- \`${takes === undefined ? word : `${word} ${takes}`}\`: ${does}`).join('\n');
}
