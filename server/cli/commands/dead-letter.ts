/** `agor dead-letters`: messages that could not be delivered, and what the person does about them. */
import type { Command } from 'commander';
import { shortId } from '../../protocol/ids.ts';
import type { DeadLetter } from '../../protocol/message.ts';
import { group, uncapitalized } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

type Settling = 'deadLetter/redeliver' | 'deadLetter/discard';

const help = `
A message that its recipient did not get in time, or that cannot be delivered at all, is set aside with the reason, and
its sender is told. It stays until you send it again or discard it.

Examples:
  agor dead-letters list
  agor dead-letters redeliver 4f21c0aa`;

export function addDeadLetterCommands(program: Command): void {
  const letters = group(program, { name: 'dead-letters', description: 'Messages that could not be delivered.' });
  letters.addHelpText('after', help);
  letters
    .command('list')
    .summary('list those that nobody has settled')
    .description('Lists the messages that could not be delivered.')
    .option('-a, --all', 'those that were settled too')
    .action(run(list));
  settling(letters, 'redeliver', 'Let it wait for its recipient again.');
  settling(letters, 'discard', 'Set it aside for good.');
}

function settling(letters: Command, name: 'redeliver' | 'discard', does: string): void {
  letters
    .command(name)
    .summary(uncapitalized(does))
    .description(does)
    .argument('<letter>', 'a part of its id')
    .action(run((invocation: Invocation, letter: string) => settle(invocation, `deadLetter/${name}`, letter)));
}

async function list(invocation: Invocation, { all }: { readonly all?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const { deadLetters } = await backend.call('deadLetter/list', all ? { all } : {});
  const rows = deadLetters.map((letter) => [
    shortId(letter.id),
    oneLine(letter.from.name, 30),
    oneLine(letter.to.name, 30),
    agoText(letter.diedAt, invocation.now),
    letter.settlement ?? 'open',
    oneLine(letter.error, 80),
    oneLine(letter.content, 60),
  ]);
  const lines = rows.length === 0 ? ['No message is undelivered.'] : table(['ID', 'FROM', 'TO', 'DIED', 'STATE', 'REASON', 'TEXT'], rows);
  return { json: { deadLetters }, lines: () => lines };
}

async function settle(invocation: Invocation, method: Settling, deadLetter: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const settled = await backend.call(method, { deadLetter });
  return { json: settled, lines: () => [settledText(settled)] };
}

function settledText({ from, to, settlement }: DeadLetter): string {
  const what = `The message from ${oneLine(from.name, 40)} to ${oneLine(to.name, 40)}`;
  return settlement === 'discarded' ? `${what} is discarded.` : `${what} waits for its recipient again.`;
}
