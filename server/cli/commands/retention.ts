/** `agor retention`: what is kept how long, and what was taken out into archives. */
import type { Command } from 'commander';
import { group } from '../command-group.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { archiveLines, previewLines, reportLines, runLines } from '../retention-text.ts';
import { addRetentionCompact } from './retention-compact.ts';
import { addRetentionRead } from './retention-read.ts';

const help = `
A message that was delivered and settled, in a conversation whose last word is older than "retention.messageDays" (90; 0
keeps all for good), leaves the database for an archive. What is open stays: what is held, waits, is owed an answer or is a
dead letter that nobody has settled; and tasks. You are told a week before the first message goes, and "agor retention run"
or "agor retention agree" begin at once.

Transcripts are kept for good, unless you set "retention.transcriptDays": then turns that are older leave the database in the
same way, of sessions in which nothing runs, waits or is asked. The session itself, what it cost and the audit log stay.

An archive is JSON lines, compressed with gzip, with a manifest beside it; its hash is in the audit log. Besides "agor
retention read", "zcat" and "jq" read it.

Examples:
  agor retention show
  agor retention run --dry-run
  agor retention run
  agor retention read --find "release plan"
  agor retention read --session 1a2b3c4d
  agor config set retention.messageDays 365
  agor config set retention.transcriptDays 180`;

export function addRetentionCommands(program: Command): void {
  const retention = group(program, { name: 'retention', description: 'What is kept how long, and the archives of what is old.' });
  retention.addHelpText('after', help);
  retention
    .command('show')
    .summary('say what is kept how long')
    .description('Says what is kept how long, and how it stands.')
    .action(run(show));
  retention
    .command('run')
    .summary('archive what is old and tidy up now')
    .description(
      'Archives old messages, and old turns where you asked for it, removes old files and gives free pages back to the disk. From then on that is done each day.',
    )
    .option('--dry-run', 'only count what would be archived')
    .action(run(runNow));
  retention
    .command('agree')
    .summary('let the daily archiving begin')
    .description('Lets old messages be archived each day, without waiting for the announced date.')
    .action(run(agree));
  retention.command('archives').summary('list the archives').description('Lists the archives, the oldest first.').action(run(archives));
  addRetentionRead(retention);
  addRetentionCompact(retention);
}

async function show(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const report = await backend.call('retention/show', {});
  return { json: report, lines: () => reportLines(report, invocation.now) };
}

async function agree(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const report = await backend.call('retention/agree', {});
  return { json: report, lines: () => reportLines(report, invocation.now) };
}

async function runNow(invocation: Invocation, { dryRun }: { readonly dryRun?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  if (dryRun) {
    const preview = await backend.call('retention/try', {});
    return { json: preview, lines: () => previewLines(preview, invocation.now) };
  }
  const done = await backend.call('retention/run', {});
  return { json: done, lines: () => runLines(done), exitCode: done.problems.length === 0 ? exitCode.ok : exitCode.refused };
}

async function archives(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const report = await backend.call('retention/show', {});
  const { archives, archiveDir, transcriptArchives, transcriptArchiveDir } = report;
  return {
    json: { archiveDir, archives, transcriptArchiveDir, transcriptArchives },
    lines: () => archiveLines(report, invocation.now),
  };
}
