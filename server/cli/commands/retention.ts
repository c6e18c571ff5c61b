/** `agor retention`: what is kept how long, and what was taken out into archives. */
import type { Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import type { MessageArchive, RetentionPreview, RetentionReport, RetentionRun } from '../../protocol/retention.ts';
import { type ArchivedMessage, archivedMessages } from '../archive-lines.ts';
import { group } from '../command-group.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import { bytesText } from '../metrics-text.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

const help = `
A message that was delivered and settled, in a conversation whose last word is older than "retention.messageDays" (90; 0
keeps all for good), leaves the database for an archive. What is open stays: what is held, waits, is owed an answer or is a
dead letter that nobody has settled; and tasks. Transcripts and the audit log are kept. You are told a week before the first
message goes, and "agor retention run" or "agor retention agree" begin at once.

An archive is JSON lines, compressed with gzip, with a manifest beside it; its hash is in the audit log. Besides "agor
retention read", "zcat" and "jq" read it.

Examples:
  agor retention show
  agor retention run --dry-run
  agor retention run
  agor retention read --find "release plan"
  agor config set retention.messageDays 365`;

export function addRetentionCommands(program: Command): void {
  const retention = group(program, { name: 'retention', description: 'What is kept how long, and the archives of old messages.' });
  retention.addHelpText('after', help);
  retention
    .command('show')
    .summary('say what is kept how long')
    .description('Says what is kept how long, and how it stands.')
    .action(run(show));
  retention
    .command('run')
    .summary('archive old messages and tidy up now')
    .description('Archives old messages, removes old files and gives free pages back to the disk. From then on that is done each day.')
    .option('--dry-run', 'only count what would be archived')
    .action(run(runNow));
  retention
    .command('agree')
    .summary('let the daily archiving begin')
    .description('Lets old messages be archived each day, without waiting for the announced date.')
    .action(run(agree));
  retention.command('archives').summary('list the archives').description('Lists the archives, the oldest first.').action(run(archives));
  retention
    .command('read')
    .argument('[archive]', 'the name of one; all of them without')
    .summary('print messages out of archives')
    .description('Prints the messages of an archive, or of all of them.')
    .option('-f, --find <words>', 'only those whose text holds this')
    .action(run(read));
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
    return { json: preview, lines: () => [previewText(preview, invocation.now)] };
  }
  const done = await backend.call('retention/run', {});
  return { json: done, lines: () => runLines(done), exitCode: done.problems.length === 0 ? exitCode.ok : exitCode.refused };
}

async function archives(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const { archives, archiveDir } = await backend.call('retention/show', {});
  return { json: { archiveDir, archives }, lines: () => archiveLines(archives, archiveDir, invocation.now) };
}

async function read(invocation: Invocation, name: string | undefined, { find }: { readonly find?: string }): Promise<Outcome> {
  const backend = await invocation.backend();
  const { archives } = await backend.call('retention/show', {});
  const wanted = archives.filter((archive) => name === undefined || archive.name === name);
  if (name !== undefined && wanted.length === 0)
    throw new AgorError('notFound', `There is no archive "${name}". "agor retention archives" lists them.`);
  const messages: ArchivedMessage[] = [];
  for (const { path } of wanted) for await (const message of archivedMessages(path, find)) messages.push(message);
  return { json: { messages }, lines: () => messages.map(messageLine) };
}

function messageLine({ id, from, to, text, sentAt }: ArchivedMessage): string {
  const time = new Date(sentAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${time}  ${shortId(id)}  ${nameOf(from)} → ${to === null ? 'channel' : nameOf(to)}: ${oneLine(text, 500)}`;
}

/** An agent's name may have gone with it. */
function nameOf(party: string): string {
  return /^[0-9a-f-]{36}$/.test(party) ? shortId(party) : oneLine(party, 40);
}

function reportLines(report: RetentionReport, now: number): string[] {
  const { archives, lastRun } = report;
  const messages = archives.reduce((sum, archive) => sum + archive.messages, 0);
  return [
    stateText(report),
    `Archives: ${archives.length}, with ${messages} messages, in ${oneLine(report.archiveDir, 400)}.`,
    ...(lastRun ? [`Last run ${agoText(lastRun.at, now)}:`, ...runLines(lastRun).map((line) => `  ${line}`)] : []),
  ];
}

function stateText({ state, messageDays, beginsAt }: RetentionReport): string {
  const which = `Settled messages older than ${messageDays} days`;
  switch (state) {
    case 'off':
      return 'Messages are kept for good (retention.messageDays is 0).';
    case 'quiet':
      return `${which} will be archived; none is that old yet, and you are told a week before.`;
    case 'announced':
      return `${which} are archived from ${new Date(beginsAt ?? 0).toISOString().slice(0, 10)} on. "agor retention agree" begins at once.`;
    case 'agreed':
      return `${which} are archived each day.`;
  }
}

function previewText({ messages, bytes, firstSentAt, lastSentAt }: RetentionPreview, now: number): string {
  if (messages === 0 || firstSentAt === null || lastSentAt === null) return 'No message is old enough to be archived.';
  const span = `sent from ${agoText(firstSentAt, now)} to ${agoText(lastSentAt, now)}`;
  return `${messages} messages would be archived (${bytesText(bytes)}), ${span}. Nothing was changed.`;
}

function runLines({ archived, removed, removedFiles, freedBytes, freedPages, problems }: RetentionRun): string[] {
  return [
    `Messages archived: ${archived}; taken out of the database: ${removed}.`,
    `Old files removed: ${removedFiles} (${bytesText(freedBytes)}). Pages given back to the disk: ${freedPages}.`,
    ...problems.map((problem) => `Not done: ${oneLine(problem, 500)}`),
  ];
}

function archiveLines(archives: readonly MessageArchive[], dir: string, now: number): string[] {
  if (archives.length === 0) return [`There is no archive yet. They will be in ${oneLine(dir, 400)}.`];
  const rows = archives.map(({ name, messages, bytes, firstSentAt, lastSentAt, isMissing }) => [
    name,
    String(messages),
    isMissing ? 'missing' : bytesText(bytes),
    agoText(firstSentAt, now),
    agoText(lastSentAt, now),
  ]);
  return [oneLine(dir, 400), '', ...table(['NAME', 'MESSAGES', 'SIZE', 'FROM', 'TO'], rows)];
}
