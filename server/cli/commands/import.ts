/** `agor import`: what is in a database of the system that this one succeeds. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportReport } from '../../protocol/import.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

const help = `
Messages, channels, tasks, contacts and dead letters come over, all or nothing; the original is only read, also while its
own program runs. Nobody is woken by it: what was unread there is kept as undelivered. Agents are yours where name and
folder are the same; the others stay names under which old messages are read. Run again, it brings over what is new.`;

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .summary("bring over an earlier system's messages and tasks")
    .description('Brings over what is in the btmsg.db of the earlier system, and says what came over and what did not.')
    .argument('<folder>', 'the folder that its btmsg.db is in, or the file')
    .addHelpText('after', help)
    .action(run(importDatabase));
}

async function importDatabase(invocation: Invocation, typed: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const report = await backend.call('import/run', { dir: resolve(invocation.cwd, typed) });
  return { json: report, lines: (style) => describe(report, style) };
}

function describe({ path, tables, notes }: ImportReport, style: Style): string[] {
  const rows = tables.map(({ name, found, imported, known, left }) => [name, ...[found, imported, known, left].map(String)]);
  const isNews = tables.some(({ imported }) => imported > 0);
  return [
    `${style('green', '✓')} ${oneLine(path, 1000)} ${isNews ? 'was imported.' : 'has nothing that is not here already.'}`,
    ...table(['TABLE', 'FOUND', 'IMPORTED', 'KNOWN', 'LEFT'], rows),
    ...notes.map((note) => oneLine(note, 1000)),
  ];
}
