/** What the parts of one import share, and how each takes a table: row by row, what is new once, the rest counted. */
import { newId } from '../base/uuid.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Screening, Verdict } from '../protocol/screening.ts';
import { HashedTable } from '../store/hashed-table.ts';
import type { Database } from '../store/open-database.ts';
import type { OriginalDatabase, OriginalRow } from '../store/original-database.ts';
import type { ImportRecord } from './import-record.ts';
import { textOf, timeOf } from './original-values.ts';

export type KnownAgent = { readonly id: AgentId; readonly name: string; readonly projectPath: string };

export type ImportWork = {
  readonly db: Database;
  readonly original: OriginalDatabase;
  readonly record: ImportRecord;
  readonly knownAgents: readonly KnownAgent[];
  readonly screen: Screen;
  readonly startedAt: number;
};

export type Screen = (text: string, kind: 'message' | 'task' | 'comment') => Screening;

type Screened = { readonly verdict: Verdict; readonly isHeld: boolean; readonly findings: string };

/** Agents read what came over as they read what is new: what has to wait for the person waits here too. */
export function screened({ screen, record }: ImportWork, text: string, kind: Parameters<Screen>[1]): Screened {
  const { verdict, findings } = screen(text, kind);
  const isHeld = verdict === 'hold';
  if (isHeld) record.note('The screening found something in a text; it waits for you among what is held.');
  return { verdict, isHeld, findings: JSON.stringify(verdict === 'deliver' ? [] : findings) };
}

export type Taking = {
  readonly table: string;
  /** What tells rows apart; undefined for a row that cannot be told apart. */
  readonly keyOf: (row: OriginalRow) => string | undefined;
  /** Returns the id that it has here; undefined when it was left, with a note. */
  readonly take: (row: OriginalRow, key: string) => string | undefined;
};

export function takeTable({ original, record }: ImportWork, { table, keyOf, take }: Taking): void {
  if (original.has(table)) record.count(table, 'found', 0);
  for (const row of original.rows(table)) {
    record.count(table, 'found');
    const key = keyOf(row);
    const isKnown = key !== undefined && record.localId(table, key) !== undefined;
    const localId = key === undefined || isKnown ? undefined : take(row, key);
    if (key === undefined) record.note(`A row of ${table} has no id and was left.`);
    else if (localId !== undefined) record.keep(table, key, localId);
    record.count(table, isKnown ? 'known' : localId === undefined ? 'left' : 'imported');
  }
}

/** By one column, or by several where only all together tell rows apart. */
export function keyBy(...columns: readonly string[]): Taking['keyOf'] {
  return (row) => {
    const parts = columns.map((column) => textOf(row, column));
    return parts.includes(undefined) ? undefined : columns.length === 1 ? parts[0] : JSON.stringify(parts);
  };
}

/** Ids of ours sort by time and are of one form: others get a new one, and are found again by the record. */
export function ownId({ db }: ImportWork, table: string, original: string): string {
  const isOurs = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(original);
  const isFree = isOurs && db.prepare(`select 1 from ${table} where id = ?`).get(original) === undefined;
  return isFree ? original : newId<string>();
}

/** Of what is in no group, whose team nobody knows. */
const noTeam = 'imported';

export function teamOf({ record }: ImportWork, row: OriginalRow): string {
  const team = textOf(row, 'group_id') ?? noTeam;
  record.teams.add(team);
  return team;
}

export function tableOf({ db }: ImportWork, name: string): HashedTable {
  return new HashedTable(db, name);
}

/** The next of a number that only grows. */
export function nextNumber({ db }: ImportWork, sql: string): () => number {
  let last = db.prepare<[], number | null>(sql).pluck().get() ?? 0;
  return () => {
    last += 1;
    return last;
  };
}

export function createdAt(row: OriginalRow, { record, startedAt }: ImportWork, table: string): number {
  const at = timeOf(row, 'created_at');
  if (at === undefined) record.note(`A row of ${table} has a time that cannot be read; it has that of the import.`);
  return at ?? startedAt;
}
