/** `agor retention read`: what is in archives, as text or as JSON. */
import { Argument, type Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import { type ArchivedItem, type ArchivedMessage, archivedItems, archivedMessages } from '../archive-lines.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { itemLines } from '../transcript.ts';

type Options = { readonly find?: string; readonly session?: string };

export function addRetentionRead(retention: Command): void {
  retention
    .command('read')
    .addArgument(new Argument('[archive]', 'the name of one; all of them without'))
    .summary('print what is in archives')
    .description('Prints the messages and the entries of transcripts in an archive, or in all of them.')
    .option('-f, --find <words>', 'only what holds this in its text')
    .option('-s, --session <session>', 'only what went of the transcript of this session')
    .action(run(read));
}

async function read(invocation: Invocation, name: string | undefined, options: Options): Promise<Outcome> {
  const backend = await invocation.backend();
  const { archives, transcriptArchives } = await backend.call('retention/show', {});
  const known = [...archives, ...transcriptArchives].some((archive) => archive.name === name);
  if (name !== undefined && !known) throw new AgorError('notFound', `There is no archive "${name}". "agor retention archives" lists them.`);
  const session = options.session === undefined ? undefined : await sessionOf(invocation, options.session);
  const isWanted = (archive: { readonly name: string }) => name === undefined || archive.name === name;
  const messages: ArchivedMessage[] = [];
  if (!session)
    for (const { path } of archives.filter(isWanted))
      for await (const message of archivedMessages(path, options.find)) messages.push(message);
  const items: ArchivedItem[] = [];
  const holdsSession = (archive: { readonly name: string }) => !session || session.archives.includes(archive.name);
  for (const { path } of transcriptArchives.filter((archive) => isWanted(archive) && holdsSession(archive)))
    for await (const item of archivedItems(path, { words: options.find, sessionId: session?.id })) items.push(item);
  return { json: { messages, items }, lines: (style) => [...messages.map(messageLine), ...transcriptLines(items, style)] };
}

type Session = { readonly id: string; readonly archives: readonly string[] };

async function sessionOf(invocation: Invocation, typed: string): Promise<Session> {
  const backend = await invocation.backend();
  const { session } = await backend.call('session/items', { session: typed, limit: 1 });
  return { id: session.id, archives: session.archived?.archives ?? [] };
}

/** Each session under its own head. */
function transcriptLines(items: readonly ArchivedItem[], style: Style): string[] {
  return items.flatMap(({ sessionId, item }, index) => {
    const isNext = items[index - 1]?.sessionId !== sessionId;
    const head = isNext ? ['', style('bold', `Session ${shortId(sessionId)}, from ${timeText(item.at)} on`)] : [];
    return [...head, ...itemLines(item, style)];
  });
}

function messageLine({ id, from, to, text, sentAt }: ArchivedMessage): string {
  return `${timeText(sentAt)}  ${shortId(id)}  ${nameOf(from)} → ${to === null ? 'channel' : nameOf(to)}: ${oneLine(text, 500)}`;
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** An agent's name may have gone with it. */
function nameOf(party: string): string {
  return /^[0-9a-f-]{36}$/.test(party) ? shortId(party) : oneLine(party, 40);
}
