/** `agor search`: whatever was ever said, found by its words. */
import { type Command, InvalidArgumentError, Option } from 'commander';

import { type SearchAnswer, SearchGroup, type SearchHit, SearchOrder, type SearchPlace } from '../../protocol/search.ts';
import type { Connection } from '../connection.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { agoText } from '../time-text.ts';

type Options = {
  readonly group?: readonly SearchGroup[];
  readonly order: SearchOrder;
  readonly limit?: number;
  readonly rebuild?: true;
};

const headings: Readonly<Record<SearchGroup, string>> = {
  messages: 'Messages',
  tasks: 'Tasks',
  communications: 'Communications',
  deadLetters: 'Dead letters',
  audit: 'Audit log',
};
const shownTitle = 80;
const shownSnippet = 300;
const mostHits = 200;

const help = `
Words are all looked for, in any of their forms. "Several words" in quotation marks stand in this order, dep* begins a
word, -word leaves out what has it. agent:builder, project:shop, type:tasks (messages, tasks, communications,
dead-letters, audit) and since:2d or since:2026-11-01 narrow it down. What is not understood is taken as words.

The index is kept by itself; --rebuild makes a new one from the databases, while searches go on with the old one.

Examples:
  agor search migration failed
  agor search '"out of memory" agent:builder since:7d' --order best
  agor search --group tasks --limit 5 -- login -done
  agor search --rebuild`;

export function addSearchCommand(program: Command): void {
  program
    .command('search')
    .summary('find whatever was ever said')
    .description('Finds what agents and people said, did and planned, by its words.')
    .argument('[query...]', 'what to look for')
    .addOption(new Option('-g, --group <group...>', 'only these kinds of hits').choices(SearchGroup.options))
    .addOption(new Option('-o, --order <order>', 'the newest first, or the best').choices(SearchOrder.options).default('newest'))
    .option('-n, --limit <number>', 'so many of each kind at most (default: 20)', hitCount)
    .option('--rebuild', 'make the index anew')
    .addHelpText('after', help)
    .action(run(search));
}

async function search(invocation: Invocation, words: readonly string[], options: Options): Promise<Outcome> {
  const query = words.join(' ');
  if (options.rebuild) {
    if (query !== '') throw new UsageError('Rebuild the index or look for something, not both at once.');
    return rebuild(invocation);
  }
  if (query.trim() === '') throw new UsageError('Say what to look for, as in: agor search "out of memory".');
  const backend = await invocation.backend();
  const { group: groups, order, limit } = options;
  const answer = await backend.call('search/all', { query, order, ...(groups && { groups: [...groups] }), ...(limit && { limit }) });
  return { json: answer, lines: (style) => describe(answer, invocation.now, style) };
}

async function rebuild(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const stopTelling = invocation.json ? () => {} : tellProgress(backend);
  const { indexed, isCancelled } = await backend.call('search/rebuild', {}).finally(stopTelling);
  const line = isCancelled
    ? 'It was called off; the index is as it was.'
    : `The search index was made anew; ${indexed} entries can be found.`;
  return { json: { indexed, isCancelled }, lines: () => [line] };
}

/** On a line that is written over, and only for somebody who looks on. */
function tellProgress(backend: Connection): () => void {
  if (!process.stderr.isTTY) return () => {};
  const stop = backend.on('search/progressed', ({ indexed, total }) => process.stderr.write(`\r${indexed} of ${total}…`));
  return () => {
    stop();
    process.stderr.write('\r\x1b[K');
  };
}

function describe({ groups, remarks, isComplete }: SearchAnswer, now: number, style: Style): string[] {
  const found = groups.flatMap(({ group, hits, hasMore }) => [
    style('bold', `${headings[group]}${hasMore ? `, the first ${hits.length}` : ''}`),
    ...hits.flatMap((hit) => hitLines(hit, now, style)),
    '',
  ]);
  return [
    ...remarks.map((remark) => style('yellow', oneLine(remark, 300))),
    ...(found.length === 0 ? ['Nothing was found.'] : found.slice(0, -1)),
    ...(isComplete ? [] : [style('dim', 'The index is still being filled; there may be more in a moment.')]),
  ];
}

function hitLines({ title, snippet, at, place }: SearchHit, now: number, style: Style): string[] {
  let room = shownSnippet;
  const text = snippet.map((part) => {
    // Not trimmed: the blanks between what was found and what is around it stay.
    const shown = printable(part.text).replace(/\s+/gu, ' ').slice(0, room);
    room -= shown.length;
    return part.isMatch ? style('cyan', shown) : shown;
  });
  return [`  ${oneLine(title, shownTitle)}  ${style('dim', `${agoText(at, now)}  ${whereText(place)}`)}`, `    ${text.join('')}`];
}

/** What other commands take to show it. */
function whereText(place: SearchPlace): string {
  switch (place.kind) {
    case 'item':
      return `session ${place.sessionId.slice(-8)}`;
    case 'task':
      return `task ${place.taskId.slice(-8)}`;
    case 'message':
      return `message ${place.messageId.slice(-8)}`;
    case 'deadLetter':
      return `dead letter ${place.deadLetterId.slice(-8)}`;
    case 'audit':
      return `row ${place.seq}`;
  }
}

function hitCount(typed: string): number {
  const number = Number(typed);
  if (/^\d+$/.test(typed) && number >= 1 && number <= mostHits) return number;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${mostHits}.`);
}
