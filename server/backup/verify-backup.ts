/** Reads all of a backup and holds it against its manifest. Runs where it may take its time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Backup, type DatabaseName, databaseNames } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';
import { witnessPath } from '../store/high-water-mark.ts';
import { copyNames } from './complete-backup.ts';
import { examineAudit, examineDatabase, sha256Of } from './examine.ts';

/** The newest schema that this build knows, of each database. */
export type KnownSchemas = Readonly<Record<DatabaseName, number>>;

/** Sentences; empty when it is what was made. A file that was altered is not opened. */
export async function verifyBackup(backup: Backup): Promise<string[]> {
  const altered: string[] = [];
  for (const { name, sha256 } of backup.files) {
    if ((await sha256Of(join(backup.path, name))) !== sha256) altered.push(`${name} is not what was written: its SHA-256 is another one.`);
  }
  return altered.length > 0
    ? altered
    : [...databaseNames.flatMap((name) => databaseProblems(backup, name)), ...(await auditProblems(backup))];
}

/** Throws `storage`, naming both versions, when it was made by a newer build. */
export function requireKnownSchemas({ path, databases, build }: Backup, known: KnownSchemas): void {
  const newer = databaseNames.find((name) => databases[name].schema > known[name]);
  if (newer === undefined) return;
  throw new AgorError(
    'storage',
    `The backup ${path} was made by a newer version, ${build.version} (the schema of ${copyNames[newer]} is ${databases[newer].schema}, this version knows ${known[newer]}). Update Agent Orchestrator, then try again.`,
  );
}

function databaseProblems({ path, databases }: Backup, name: DatabaseName): string[] {
  try {
    const { facts } = examineDatabase(join(path, copyNames[name]));
    const expected = databases[name];
    const tables = Object.keys({ ...expected.rows, ...facts.rows }).filter((table) => facts.rows[table] !== expected.rows[table]);
    return tables.map((table) => `${copyNames[name]} has ${facts.rows[table] ?? 0} rows in ${table}, not ${expected.rows[table] ?? 0}.`);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function auditProblems({ path, audit, flaws }: Backup): Promise<string[]> {
  const database = join(path, copyNames.btmsg);
  const { head, flaws: found } = await examineAudit(database, readFileSync(witnessPath(database)));
  const isHead = head.seq === audit.seq && head.hash === audit.hash;
  const unknown = found.filter((flaw) => !flaws.includes(flaw));
  return isHead ? unknown : [...unknown, `The audit log ends at row ${head.seq}, or with another hash than the manifest names.`];
}
