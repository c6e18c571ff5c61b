/** `agor backup restore`: everything of record goes back to a backup. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { listBackups, restoreBackup } from '../../launch/recover.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/requests.ts';
import { beforeRestore } from '../backup-text.ts';
import type { Connection } from '../connection.ts';
import { UnreachableError } from '../exit-codes.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { requirePerson } from '../require-person.ts';

type Options = { readonly yes?: true };

export function addBackupRestore(backup: Command): void {
  backup
    .command('restore <backup>')
    .summary('bring everything of record back to a backup')
    .description(
      'Says what would be lost and asks; then checks the backup, stops the agents in order, and puts it in the place of what is there, which is kept in the quarantine. A restore that is cut off is ended, or taken back, by the next start.',
    )
    .option('-y, --yes', 'do not ask')
    .action(run(restore));
}

async function restore(invocation: Invocation, reference: string, options: Options): Promise<Outcome> {
  requirePerson(invocation);
  const backend = await reached(invocation);
  if (!backend) return restoreDamaged(invocation, reference, options);
  const { backup, loss, running } = await backend.call('backup/compare', { backup: reference });
  await confirm(invocation, beforeRestore(backup, loss, running, invocation.dataDir), options);
  const done = await backend.call('backup/restore', { backup: backup.path });
  await backend.closed;
  // The next backend ends the restore before it opens anything; that it answers says that it could.
  await (await invocation.reconnect()).call('backend/ping', {});
  return { json: done, lines: () => restoredLines(done) };
}

/** Undefined where no backend can run on what is there. */
async function reached(invocation: Invocation): Promise<Connection | undefined> {
  try {
    return await invocation.backend();
  } catch (error) {
    if (error instanceof UnreachableError && error.code === 'storage') return undefined;
    throw error;
  }
}

async function restoreDamaged(invocation: Invocation, reference: string, options: Options): Promise<Outcome> {
  const { backups } = listBackups(distDir, invocation.dataDir);
  const known = backups.find(({ id }) => id.startsWith(reference));
  const when = known ? `to ${new Date(known.madeAt).toISOString()} (${known.id})` : `to ${oneLine(reference, 500)}`;
  const words = [
    `No backend can run on what is there. Everything goes back ${when}; what came since is lost, and stays in the quarantine.`,
  ];
  await confirm(invocation, words, options);
  const done = restoreBackup(distDir, invocation.dataDir, reference);
  return { json: done, lines: () => [`Everything is as it was at ${new Date(done.backup.madeAt).toISOString()}.`, keptLine(done.keptIn)] };
}

async function confirm({ json }: Invocation, words: readonly string[], { yes }: Options): Promise<void> {
  if (yes) return;
  if (json || !process.stdin.isTTY)
    throw new AgorError('refused', `${words.join(' ')} Nothing was changed: say that you want this with --yes.`);
  process.stderr.write(`${words.join('\n')}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if ((await terminal.question('Type "restore" to go on: ')).trim() !== 'restore')
      throw new AgorError('cancelled', 'Nothing was changed.');
  } finally {
    terminal.close();
  }
}

function restoredLines({ backup, stopped, keptIn }: Result<'backup/restore'>): string[] {
  return [
    `Everything is as it was at ${new Date(backup.madeAt).toISOString()}.`,
    ...(stopped.length === 0
      ? []
      : [`Stopped: ${stopped.map((name) => oneLine(name, 40)).join(', ')}. Their next prompt starts them again.`]),
    keptLine(keptIn),
  ];
}

function keptLine(folder: string): string {
  return `What was there before is in ${oneLine(folder, 1_000)}.`;
}
