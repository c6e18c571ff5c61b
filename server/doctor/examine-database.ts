/**
 * Reads a database of record to its end: SQLite notices neither flipped bits in a row nor a log that lost its end, so the
 * hash of each row, the mark beside the file and the chain of the audit log are checked besides SQLite's own check.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AuditLog } from '../audit/audit-log.ts';
import { AuditWitness } from '../audit/audit-witness.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { type PageFacts, pageFactsOf } from '../store/compaction.ts';
import { allDamagedRows } from '../store/damaged-rows.ts';
import { HighWaterMark, markPath, savedMark, witnessPath } from '../store/high-water-mark.ts';
import { mostBytesAtStart } from '../store/incremental-vacuum.ts';
import { schemaVersion } from '../store/migrate.ts';
import type { Database } from '../store/open-database.ts';
import { findLoss } from '../store/preflight.ts';
import { openReadOnly } from '../store/read-only.ts';
import { type Diagnosis, diagnosis, someOf } from './finding.ts';

export type DatabasePlace = { readonly path: string; readonly newestSchema: number };
export type DatabaseLook = {
  /** What was found before anybody opened it; null when nothing was, or somebody has it open already. */
  readonly loss: string | null;
  /** Nobody writes to it, as far as is known, so a long read holds up nobody. */
  readonly isAlone: boolean;
  readonly now: number;
};

/** A check of all pages is one long read, which keeps the log of a backend that writes from being written back. */
const wholeCheckBytes = 256 * 1024 * 1024;
/** A clock may be set by this much without anybody noticing. */
const clockSlackMs = 5 * 60_000;

const recover = { run: 'agor recover' } as const;

/** What opening it would hide. Only for who owns the data directory, and takes less than a second; null when nothing is lost. */
export function lossOf({ path }: DatabasePlace): string | null {
  return existsSync(path) && statSync(path).size > 0 ? (findLoss(path) ?? null) : null;
}

/** Others may open it meanwhile: each read is of what was committed then. */
export async function examineDatabase(place: DatabasePlace, look: DatabaseLook): Promise<Diagnosis[]> {
  const name = basename(place.path);
  if (!existsSync(place.path) || statSync(place.path).size === 0) return [missing(place.path, name)];
  try {
    if (look.loss !== null) return [damaged(name, `${name} ${look.loss}.`)];
    return await readThrough(place, look);
  } catch (error) {
    return [damaged(name, error instanceof Error ? error.message : String(error))];
  }
}

function missing(path: string, name: string): Diagnosis {
  if (!existsSync(markPath(path))) return diagnosis(`data.${name}`, 'note', `${name} is not there yet; the backend makes it.`);
  return damaged(name, `${name} is gone or empty, but it held data.`);
}

function damaged(name: string, what: string): Diagnosis {
  const why = 'The backend refuses a damaged database, because writing to it would destroy what can still be saved.';
  const todo = [{ say: 'See what can be restored; nothing is changed until you choose:' }, recover];
  return diagnosis(`data.${name}`, 'problem', what, { why, todo });
}

async function readThrough({ path, newestSchema }: DatabasePlace, look: DatabaseLook): Promise<Diagnosis[]> {
  // Before the rows, so that what is committed meanwhile is never missing from them.
  const kept = savedMark(path);
  const witness = new AuditWitness(witnessPath(path)).read();
  const db = openReadOnly(path);
  try {
    const version = schemaFound(db, newestSchema);
    const { rows, damaged } = allDamagedRows(db);
    const problems = [...version, ...behind(db), ...pages(db, look), ...rowsFound(db, damaged)];
    const heads = kept?.auditSeq !== undefined && kept.auditHash !== undefined ? [{ seq: kept.auditSeq, hash: kept.auditHash }] : [];
    const chain = hasTable(db, 'audit_log') ? await chainFound(db, { witness, heads, now: look.now }) : { rows: 0, found: [] };
    const all = [...problems, ...chain.found];
    if (all.some(({ level }) => level === 'problem')) return all;
    const chained = chain.rows > 0 ? `, and the audit chain holds over ${counted(chain.rows)}` : '';
    return [
      diagnosis(
        `data.${basename(path)}`,
        'ok',
        `${basename(path)} is whole: ${rows === 1 ? '1 row fits its hash' : `${counted(rows)} fit their hashes`}${chained}.`,
      ),
      ...all,
      ...mostlyFree(basename(path), pageFactsOf(db)),
    ];
  } finally {
    db.close();
  }
}

function counted(rows: number): string {
  return rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`;
}

function hasTable(db: Database, name: string): boolean {
  return db.prepare('select 1 from sqlite_schema where name = ?').get(name) !== undefined;
}

function schemaFound(db: Database, newest: number): Diagnosis[] {
  const [found, name] = [schemaVersion(db), basename(db.name)];
  if (found === newest) return [];
  const versions = `its schema is ${found}, this version knows ${newest}`;
  if (found > newest) {
    const todo = [{ say: 'Update Agent Orchestrator, or restore a backup from before.' }];
    return [diagnosis('data.newerSchema', 'problem', `${name} was made by a newer version (${versions}).`, { todo })];
  }
  return [diagnosis('data.olderSchema', 'note', `${name} is brought up to date by the next start, after a backup (${versions}).`)];
}

function behind(db: Database): Diagnosis[] {
  const lost = hasTable(db, 'high_water') ? new HighWaterMark(db).missing() : (savedMark(db.name)?.commits ?? 0);
  return lost > 0 ? [damaged(basename(db.name), `${basename(db.name)} has lost its last ${lost} commits.`)] : [];
}

function pages(db: Database, { isAlone }: DatabaseLook): Diagnosis[] {
  const name = basename(db.name);
  if (!isAlone && statSync(db.name).size > wholeCheckBytes) {
    const what = `${name} is large, so while a backend runs its rows were checked, and its pages and indexes were not.`;
    return [diagnosis('data.pagesUnchecked', 'note', what, { todo: [{ run: 'agor backend stop' }, { run: 'agor doctor' }] })];
  }
  const answer = String(db.pragma('integrity_check(1)', { simple: true }));
  return answer === 'ok' ? [] : [damaged(name, `${name} is damaged: ${answer.replaceAll(/\s+/g, ' ').slice(0, 200)}.`)];
}

/** Pure. A smaller one is made to give its free pages back by itself when it is opened by a newer build. */
export function mostlyFree(name: string, { bytes, freeBytes, isIncremental }: PageFacts): Diagnosis[] {
  if (bytes <= mostBytesAtStart || freeBytes <= bytes / 2) return [];
  const [free, all] = [freeBytes, bytes].map((count) => `${Math.round(count / 1024 ** 2)} MiB`);
  const what = `${free} of the ${all} of ${name} are free, and the disk does not have them back.`;
  const why = isIncremental
    ? 'The daily housekeeping gives them back by itself, a few at a time.'
    : 'It was made before databases could give free pages back by themselves.';
  return [diagnosis('data.mostlyFree', 'warning', what, { why, todo: [{ run: 'agor retention compact' }] })];
}

function rowsFound(db: Database, rows: readonly { readonly table: string; readonly rowid: number }[]): Diagnosis[] {
  if (rows.length === 0) return [];
  const name = basename(db.name);
  const what = `${name} has ${rows.length === 1 ? '1 row that was' : `${counted(rows.length)} that were`} changed on the disk: ${someOf(rows.map(({ table, rowid }) => `${table} ${rowid}`))}.`;
  const why = 'SQLite reads them as if nothing were wrong. The disk changed them, or somebody with the file in hand.';
  return [diagnosis('data.rows', 'problem', what, { why, todo: [{ say: 'Check the disk, and restore or salvage:' }, recover] })];
}

type ChainLook = {
  readonly witness: BigUint64Array;
  readonly heads: { readonly seq: number; readonly hash: string }[];
  readonly now: number;
};

async function chainFound(db: Database, { witness, heads, now }: ChainLook) {
  const audit = new AuditLog(db);
  const { rows, breaks } = await verifyAudit(audit, { witness, heads, dataDir: dirname(db.name) });
  const found = breaks.length === 0 ? [] : [chainBroken(breaks.map(({ detail }) => detail))];
  return { rows, found: [...found, ...clockFound(db, now)] };
}

function chainBroken(details: readonly string[]): Diagnosis {
  const why = 'Rows of the log were changed, lost or put in from outside, so it cannot be relied on from there on.';
  const todo = [{ say: 'Copy the data directory as it is, then see which rows:' }, { run: 'agor audit verify' }, recover];
  return diagnosis('data.auditChain', 'problem', `The audit log is not what was written: ${someOf(details)}`, { why, todo });
}

function clockFound(db: Database, now: number): Diagnosis[] {
  const newest = db.prepare<[], number>('select at from audit_log order by seq desc limit 1').pluck().get() ?? 0;
  if (newest - now <= clockSlackMs) return [];
  const what = `The clock of this machine stands before the newest row of the audit log (${new Date(newest).toISOString()}): it was set back.`;
  const why = "Times in the log and in messages do not follow each other, and a day's budget may count twice.";
  return [
    diagnosis('machine.clock', 'warning', what, {
      why,
      todo: [{ say: 'Set the clock, best by a time service:' }, { run: 'timedatectl status' }],
    }),
  ];
}
