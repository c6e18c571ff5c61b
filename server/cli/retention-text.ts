/** What is kept how long, in lines for a person to read. */
import type { RetentionPreview, RetentionReport, RetentionRun } from '../protocol/retention.ts';
import { bytesText } from './metrics-text.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';
import { agoText } from './time-text.ts';

export function reportLines(report: RetentionReport, now: number): string[] {
  const { archives, transcriptArchives, lastRun } = report;
  const messages = archives.reduce((sum, archive) => sum + archive.messages, 0);
  const items = transcriptArchives.reduce((sum, archive) => sum + archive.items, 0);
  return [
    stateText(report),
    transcriptText(report),
    `Archives: ${archives.length}, with ${messages} messages, in ${oneLine(report.archiveDir, 400)}.`,
    ...(transcriptArchives.length > 0
      ? [`Archives of transcripts: ${transcriptArchives.length}, with ${items} entries, in ${oneLine(report.transcriptArchiveDir, 400)}.`]
      : []),
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

function transcriptText({ transcriptDays }: RetentionReport): string {
  if (transcriptDays === 0) return 'Transcripts are kept for good (retention.transcriptDays is 0).';
  return `Turns of settled sessions older than ${transcriptDays} days are archived each day.`;
}

export function previewLines(preview: RetentionPreview, now: number): string[] {
  const { messages, bytes, firstSentAt, lastSentAt, items, itemBytes, sessions, firstItemAt, lastItemAt } = preview;
  const found = [
    spanText(`${messages} messages would be archived (${bytesText(bytes)}), sent`, firstSentAt, lastSentAt, now),
    spanText(`${items} entries of ${sessions} transcripts would be archived (${bytesText(itemBytes)})`, firstItemAt, lastItemAt, now),
  ].filter((line) => line !== null);
  return found.length === 0 ? ['Nothing is old enough to be archived.'] : [...found, 'Nothing was changed.'];
}

function spanText(what: string, firstAt: number | null, lastAt: number | null, now: number): string | null {
  if (firstAt === null || lastAt === null) return null;
  return `${what} from ${agoText(firstAt, now)} to ${agoText(lastAt, now)}.`;
}

export function runLines(run: RetentionRun): string[] {
  const { archived, removed, archivedItems, removedItems, removedFiles, freedBytes, freedPages, problems } = run;
  return [
    `Messages archived: ${archived}; taken out of the database: ${removed}.`,
    ...(archivedItems === undefined
      ? []
      : [`Entries of transcripts archived: ${archivedItems}; taken out of the database: ${removedItems ?? 0}.`]),
    `Old files removed: ${removedFiles} (${bytesText(freedBytes)}). Pages given back to the disk: ${freedPages}.`,
    ...problems.map((problem) => `Not done: ${oneLine(problem, 500)}`),
  ];
}

/** Those of messages first. */
export function archiveLines(report: RetentionReport, now: number): string[] {
  const { archives, archiveDir, transcriptArchives, transcriptArchiveDir } = report;
  const messages = archives.map(({ messages: count, firstSentAt: firstAt, lastSentAt: lastAt, ...archive }) => ({
    ...{ ...archive, count, firstAt, lastAt },
  }));
  const items = transcriptArchives.map(({ items: count, ...archive }) => ({ ...archive, count }));
  const all = [
    ...(messages.length > 0 ? [oneLine(archiveDir, 400), '', ...archiveTable('MESSAGES', messages, now)] : []),
    ...(items.length > 0 ? [oneLine(transcriptArchiveDir, 400), '', ...archiveTable('ENTRIES', items, now)] : []),
  ];
  return all.length > 0 ? all : [`There is no archive yet. They will be in ${oneLine(archiveDir, 400)}.`];
}

type Listed = {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
  readonly isMissing: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
};

function archiveTable(counted: string, archives: readonly Listed[], now: number): string[] {
  const rows = archives.map(({ name, count, bytes, firstAt, lastAt, isMissing }) => [
    name,
    String(count),
    isMissing ? 'missing' : bytesText(bytes),
    agoText(firstAt, now),
    agoText(lastAt, now),
  ]);
  return table(['NAME', counted, 'SIZE', 'FROM', 'TO'], rows);
}
