/** `agor recover`: what can be done about a database that the backend refuses. */
import { Argument, type Command, Option } from 'commander';
import { type DatabaseName, listBackups, type RecoveryReport, type RecoveryWish, recover } from '../../launch/recover.ts';
import { AgorError } from '../../protocol/errors.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

type Options = { readonly restore?: string; readonly salvage?: true; readonly accept?: true };

export function addRecoverCommand(program: Command): void {
  program
    .command('recover')
    .summary('see what is wrong with a database, and bring it back')
    .description(
      'Shows the state of both databases and the backups there are. With a database and one of the options, brings it back; a copy of what was there is kept first. The backend must have ended.',
    )
    .addArgument(new Argument('[database]', 'which one').choices(['sessions', 'btmsg']))
    .addOption(new Option('--restore <backup>', 'put this backup in its place').conflicts(['salvage', 'accept']))
    .addOption(new Option('--salvage', 'keep every row that can still be read, in a new file').conflicts(['accept']))
    .addOption(new Option('--accept', 'go on without what was lost'))
    .action(run(recoverDatabase));
}

async function recoverDatabase(invocation: Invocation, database: DatabaseName | undefined, options: Options): Promise<Outcome> {
  const report = recover(distDir, invocation.dataDir, wishOf(database, options));
  const isAny = report.databases.some(isDamaged);
  const both = isAny ? listBackups(distDir, invocation.dataDir).backups.map(({ id, madeAt }) => ({ id, madeAt })) : [];
  return {
    json: { ...report, both },
    lines: (style) => [...describe(report, style), ...both.map(bothLine)],
    exitCode: isAny ? 1 : 0,
  };
}

type Database = RecoveryReport['databases'][number];

function isDamaged({ problem, changedRows }: Database): boolean {
  return problem !== null || changedRows.length > 0;
}

/** Both databases as they were at one moment: what belongs together stays together. */
function bothLine({ id, madeAt }: { readonly id: string; readonly madeAt: number }): string {
  return `    agor backup restore ${id}    both databases, as of ${new Date(madeAt).toISOString()}`;
}

function wishOf(database: DatabaseName | undefined, { restore, salvage, accept }: Options): RecoveryWish {
  const isChange = restore !== undefined || salvage || accept;
  if (!isChange) return { do: 'inspect' };
  if (database === undefined) throw new AgorError('badRequest', 'Say which database is meant: sessions or btmsg.');
  if (restore !== undefined) return { do: 'restore', database, backup: restore };
  return { do: salvage ? 'salvage' : 'accept', database };
}

function describe({ databases, copy, report, tables = [] }: RecoveryReport, style: Style): string[] {
  const rows = tables.map(({ table: name, kept, damaged, isComplete }) => [name, `${kept}`, `${damaged}`, isComplete ? 'all' : 'in part']);
  return [
    ...(rows.length > 0 ? [...table(['TABLE', 'KEPT', 'DAMAGED', 'READ'], rows), ''] : []),
    ...(copy === undefined ? [] : [`What was there before is in ${oneLine(copy, 1000)}.`]),
    ...(report ? [`What was found and done is in ${oneLine(report, 1000)}.`] : []),
    ...(report === null ? ['The disk did not take a report of it.'] : []),
    ...(copy === undefined ? [] : ['']),
    ...databases.flatMap((database) => describeOne(database, style)),
  ];
}

function describeOne({ path, problem, changedRows, backups }: Database, style: Style): string[] {
  const name = path.endsWith('sessions.db') ? 'sessions' : 'btmsg';
  const file = oneLine(path, 1000);
  if (problem === null && changedRows.length === 0) return [`${style('green', '✓')} ${file} can be used.`];
  return [
    problem === null ? changedText(file, changedRows, style) : `${style('red', '✗')} ${file} ${oneLine(problem, 1000)}.`,
    ...backups.map(
      (backup) => `    agor recover ${name} --restore ${backup.file}    ${new Date(backup.madeAt).toISOString()}, ${backup.bytes} bytes`,
    ),
    `    agor recover ${name} --salvage    keeps every row that can still be read${problem === null ? ' and is what was written' : ''}`,
    ...(problem === null ? [] : [`    agor recover ${name} --accept     goes on without what was lost`]),
  ];
}

const shownRows = 5;

function changedText(file: string, rows: Database['changedRows'], style: Style): string {
  const shown = rows.slice(0, shownRows).map(({ table: name, rowid }) => `${oneLine(name, 60)} ${rowid}`);
  const more = rows.length > shownRows ? ` and ${rows.length - shownRows} more` : '';
  return `${style('yellow', '!')} ${file} can be used, but rows in it were changed on the disk: ${shown.join(', ')}${more}.`;
}
