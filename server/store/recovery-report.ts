/** What a recovery found and did, as Markdown for a person and whoever asks later. Pure. */
import type { DamagedRow } from './damaged-rows.ts';
import type { Finding } from './recovery.ts';
import type { Salvaged } from './salvage.ts';

export type RecoveryFacts = {
  readonly at: Date;
  readonly database: string;
  readonly wish: 'restore' | 'salvage' | 'accept';
  /** The backup that was chosen. */
  readonly backup: string | undefined;
  readonly before: Finding;
  readonly after: Finding;
  readonly copy: string;
  readonly tables: readonly Salvaged[];
};

const deeds: Readonly<Record<RecoveryFacts['wish'], string>> = {
  restore: 'A backup was put in its place. What was written after that backup is no longer in the database; it is in the copy.',
  salvage: 'Every row that could still be read, and was what had been written, was kept in a new file.',
  accept: 'It goes on with what could be read; what the log or the mark knew of besides was given up.',
};
const shownRows = 50;

export function recoveryReport({ at, database, wish, backup, before, after, copy, tables }: RecoveryFacts): string {
  const lost = tables.filter(({ isComplete }) => !isComplete);
  const lines = [
    `# Recovery of ${database}`,
    '',
    `- When: ${at.toISOString()}`,
    `- File: ${before.path}`,
    `- What was done: ${wish}. ${deeds[wish]}`,
    ...(backup === undefined ? [] : [`- Backup: ${backup}`]),
    `- What was there before, as it was found: ${copy}`,
    '',
    '## Found',
    '',
    ...findingLines(before),
    '',
    ...(tables.length === 0 ? [] : ['## Kept', '', ...tableLines(tables), '']),
    ...(lost.length === 0 ? [] : [`Not all could be read of: ${lost.map(({ table }) => table).join(', ')}.`, '']),
    '## Afterwards',
    '',
    ...findingLines(after),
    '',
    '## What to do now',
    '',
    '1. `agor doctor` checks every row, the audit chain and the files.',
    '2. `agor audit verify` names rows of the audit log that are not what was written; breaks from before stay told.',
    '3. Look for the cause: errors of the disk (`sudo dmesg --level err,warn`), a full one (`df -h`), a network file system.',
    '4. Keep the copy until you are sure that nothing in it is missed.',
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines({ problem, changedRows }: Finding): string[] {
  if (problem !== null) return [`The database ${problem}.`];
  return changedRows.length === 0 ? ['The database can be used, and every row fits its hash.'] : changedLines(changedRows);
}

function changedLines(rows: readonly DamagedRow[]): string[] {
  const shown = rows.slice(0, shownRows).map(({ table, rowid }) => `- ${table}, row ${rowid}`);
  const more = rows.length > shownRows ? [`- and ${rows.length - shownRows} more`] : [];
  return ['The database can be used. These rows do not fit their hashes:', '', ...shown, ...more];
}

function tableLines(tables: readonly Salvaged[]): string[] {
  const rows = tables.map(({ table, kept, damaged, isComplete }) => `| ${table} | ${kept} | ${damaged} | ${isComplete ? 'yes' : 'no'} |`);
  return ['| table | kept | left behind | all of it read |', '| --- | --- | --- | --- |', ...rows];
}
