/**
 * Reads copies of the databases and says what is in them. Takes as long as it takes, so it runs on a thread or in a
 * program of its own.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AuditLog } from '../audit/audit-log.ts';
import { fingerprintBytes } from '../audit/audit-row.ts';
import { fingerprintsOf } from '../audit/audit-witness.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { DatabaseFacts } from '../protocol/backup.ts';
import { damagedRows } from '../store/damaged-rows.ts';
import { HighWaterMark } from '../store/high-water-mark.ts';
import { checkWhole, schemaVersion } from '../store/migrate.ts';
import type { Database } from '../store/open-database.ts';
import { openReadOnly, reading } from '../store/read-only.ts';
import { tableCounts } from '../store/table-counts.ts';

export type Examined = { readonly facts: DatabaseFacts /** Sentences. */; readonly flaws: readonly string[] };
export type ExaminedAudit = { readonly head: { readonly seq: number; readonly hash: string }; readonly flaws: readonly string[] };

const namedRows = 5;

/** Throws `storage` when SQLite does not find it whole. Rows that are not what was written are told, by their hashes. */
export function examineDatabase(path: string): Examined {
  checkWhole(path);
  return reading(path, (db) => ({
    facts: { schema: schemaVersion(db), commits: commitsOf(db), rows: tableCounts(db) },
    flaws: rowFlaws(db),
  }));
}

/** Of a `btmsg.db`, with what the witness knew of its rows; what the witness knows beyond them does not count. */
export async function examineAudit(path: string, witness: Uint8Array): Promise<ExaminedAudit> {
  const db = openReadOnly(path);
  try {
    const audit = new AuditLog(db);
    const known = witness.subarray(0, witnessedBytes(witness, audit.head().seq));
    const { head, breaks } = await verifyAudit(audit, { witness: fingerprintsOf(known), heads: [], dataDir: dirname(path) });
    return { head, flaws: breaks.map(({ detail }) => `The audit log is not what was written: ${detail}`) };
  } finally {
    db.close();
  }
}

/** As much of a witness as speaks of the rows up to `lastSeq`, and of whole ones. */
export function witnessedBytes(witness: Uint8Array, lastSeq: number): number {
  return Math.min(Math.floor(witness.length / fingerprintBytes), lastSeq) * fingerprintBytes;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function commitsOf(db: Database): number {
  const isCounted = db.prepare("select 1 from sqlite_schema where name = 'high_water'").get() !== undefined;
  return isCounted ? new HighWaterMark(db).commits() : 0;
}

function rowFlaws(db: Database): string[] {
  const damaged = damagedRows(db, Number.MAX_SAFE_INTEGER);
  return [...new Set(damaged.map(({ table }) => table))].map((table) => {
    const rows = damaged.filter((row) => row.table === table).map(({ rowid }) => rowid);
    const more = rows.length > namedRows ? ` and ${rows.length - namedRows} more` : '';
    return `Rows of ${table} are not what was written: ${rows.slice(0, namedRows).join(', ')}${more}.`;
  });
}
