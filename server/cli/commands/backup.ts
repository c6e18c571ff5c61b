/** `agor backup`: copies of everything of record, and the way back. */
import { type Command, Option } from 'commander';
import { listBackups } from '../../launch/recover.ts';
import { BackupReason } from '../../protocol/backup.ts';
import { drillText } from '../../protocol/backup-text.ts';
import { listLines, madeLine, verifiedLines } from '../backup-text.ts';
import { group } from '../command-group.ts';
import { exitCode, UnreachableError } from '../exit-codes.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { requirePerson } from '../require-person.ts';
import { addBackupRestore } from './backup-restore.ts';

const help = `
A backup holds both databases as they were at one moment: projects, agents, sessions with their transcripts, messages
with their attachments, tasks, settings and the audit log, and what is kept beside that log. It holds no secrets, no files
of projects, no bundles of worktrees, nothing that an agent's program keeps for itself, and no search index, which is made
anew. One is made every night at 3 o'clock (agor.backup.hour) and kept for 7 days (agor.backup.keepDays); the last good
one always stays.

Examples:
  agor backup create
  agor backup drill
  agor backup restore 2026-11-29T03-00 --yes`;

export function addBackupCommands(program: Command): void {
  const backup = group(program, { name: 'backup', description: 'Backups of everything of record.' }).addHelpText('after', help);
  backup
    .command('create')
    .summary('make a backup now')
    .description('Makes a backup while everything goes on, and checks it: every row, and the audit log to its head. Ctrl+C gives it up.')
    .addOption(new Option('--reason <why>', 'what it is made for').choices(BackupReason.options).default('asked'))
    .action(run(create));
  backup
    .command('list')
    .summary('show the backups there are')
    .description('Shows the backups there are, newest first, and when the next one is due.')
    .action(run(list));
  backup
    .command('verify [backup]')
    .summary('read all of a backup and say whether it is what was made')
    .description(
      'Reads all of a backup, the newest unless one is named by its id, the beginning of it, or its folder. Exits with 1 when it is not what was made.',
    )
    .action(run(verify));
  addBackupRestore(backup);
  backup
    .command('drill [backup]')
    .summary('try out a restore beside the real data')
    .description(
      'Brings a backup back into a scratch folder, opens it as a backend does, counts and checks, and keeps a dated report. Exits with 1 when it found something.',
    )
    .action(run(drill));
}

async function create(invocation: Invocation, { reason }: { readonly reason: BackupReason }): Promise<Outcome> {
  requirePerson(invocation);
  const backend = await invocation.backend();
  const giveUp = () =>
    void backend.call('backup/cancel', { work: 'create' }).then(
      ({ wasRunning }) => wasRunning || leave('The backup waits for what is being done, and is made after it.'),
      () => process.exit(exitCode.refused),
    );
  process.once('SIGINT', giveUp);
  try {
    const made = await backend.call('backup/create', { reason });
    return { json: made, lines: () => [madeLine(made), ...made.flaws.map((flaw) => `Flaw: ${oneLine(flaw, 500)}`)] };
  } finally {
    process.off('SIGINT', giveUp);
  }
}

function leave(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode.refused);
}

/** Also where no backend can run: then a backup is what is looked for. */
async function list(invocation: Invocation): Promise<Outcome> {
  const found = await listed(invocation);
  return { json: found, lines: () => listLines(found, invocation.now) };
}

async function listed(invocation: Invocation) {
  try {
    const backend = await invocation.backend();
    return await backend.call('backup/list', {});
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return listBackups(distDir, invocation.dataDir);
  }
}

export function isDamaged(error: unknown): boolean {
  return error instanceof UnreachableError && error.code === 'storage';
}

async function verify(invocation: Invocation, reference: string | undefined): Promise<Outcome> {
  const backend = await invocation.backend();
  const verdict = await backend.call('backup/verify', reference === undefined ? {} : { backup: reference });
  const code = verdict.problems.length === 0 ? exitCode.ok : exitCode.refused;
  return { json: verdict, lines: (style) => verifiedLines(verdict.backup, verdict.problems, style), exitCode: code };
}

async function drill(invocation: Invocation, reference: string | undefined): Promise<Outcome> {
  requirePerson(invocation);
  const backend = await invocation.backend();
  const report = await backend.call('backup/drill', reference === undefined ? {} : { backup: reference });
  const code = report.problems.length === 0 ? exitCode.ok : exitCode.refused;
  return { json: report, lines: () => drillText(report).map((line) => oneLine(line, 500)), exitCode: code };
}
