/** `agor notices`: what the person was told of, also while nobody looked. */
import type { Command } from 'commander';
import { shortId } from '../../protocol/ids.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

const help = `
The newest hundred are kept. The same again within ten minutes is counted instead of listed again.

Examples:
  agor notices --unread
  agor notices read
  agor notices read 4f21c0aa`;

export function addNoticeCommands(program: Command): void {
  const notices = program
    .command('notices')
    .summary('what you were told of')
    .description('Lists what you were told of: turns that ended, agents that failed, questions and messages that wait, problems.')
    .option('-u, --unread', 'only those that nobody has read')
    .addHelpText('after', help)
    .action(run(list));
  notices
    .command('read')
    .summary('mark one, or all, as read')
    .description('Marks a notice as read; all of them without an id.')
    .argument('[notice]', 'a part of its id')
    .action(run(markRead));
  notices.command('clear').summary('empty the list').description('Empties the list of notices.').action(run(clear));
}

async function list(invocation: Invocation, { unread: unreadOnly = false }: { readonly unread?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const { notices, unread } = await backend.call('notice/list', { unread: unreadOnly });
  const rows = notices.map((notice) => [
    shortId(notice.id),
    agoText(notice.at, invocation.now),
    notice.isRead ? 'read' : 'new',
    notice.type,
    `${oneLine(notice.title, 80)}${notice.count > 1 ? ` (${notice.count} times)` : ''}`,
    oneLine(notice.text, 80),
  ]);
  const nothing = unreadOnly ? 'Nothing is unread.' : 'There is nothing to tell.';
  const lines = rows.length === 0 ? [nothing] : table(['ID', 'WHEN', 'STATE', 'TYPE', 'WHAT', 'DETAIL'], rows);
  return { json: { notices, unread }, lines: () => lines };
}

async function markRead(invocation: Invocation, notice: string | undefined): Promise<Outcome> {
  const backend = await invocation.backend();
  const result = await backend.call('notice/markRead', notice === undefined ? {} : { notice });
  return { json: result, lines: () => [`Marked as read: ${result.marked}.`] };
}

async function clear(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const result = await backend.call('notice/clear', {});
  return { json: result, lines: () => [`Removed: ${result.cleared}.`] };
}
