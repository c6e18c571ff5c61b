/** The two databases of record, opened and compared with what was kept beside them. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuditLog } from './audit/audit-log.ts';
import { AuditWitness } from './audit/audit-witness.ts';
import { backUpBeforeMigration } from './backup/migration-backup.ts';
import type { Opener } from './backup/opener.ts';
import { readBuildInfo } from './base/build-info.ts';
import type { DataPaths } from './base/data-paths.ts';
import { asStorageError } from './base/storage-error.ts';
import { btmsgMigrations } from './store/btmsg-schema.ts';
import { damagedRows } from './store/damaged-rows.ts';
import { witnessPath } from './store/high-water-mark.ts';
import type { OpenOptions } from './store/open-database.ts';
import { preflight } from './store/preflight.ts';
import { pauseMemory } from './store/reader-pause.ts';
import { RecordFile } from './store/record-file.ts';
import type { Place } from './store/recovery.ts';
import { finishRestore } from './store/restoring.ts';
import { sessionsMigrations } from './store/sessions-schema.ts';

const knownSchemas = { sessions: sessionsMigrations.at(-1)?.version ?? 0, btmsg: btmsgMigrations.at(-1)?.version ?? 0 };

export type Stores = ReturnType<typeof openStores>;

/** Throws `storage` when one cannot be used. `places`: where they are, and what is kept of each before a migration. */
export function openStores(paths: DataPaths, places: RecordPlaces = recordPlaces(paths)) {
  const { sessions: sessionsPlace, btmsg: btmsgPlace } = places;
  finishRestore(paths.dataDir, paths.searchDb);
  // Both are looked at before either is opened: what one of them needs may be a backup of both.
  for (const { path, quarantineDir } of [sessionsPlace, btmsgPlace]) preflight(path, { quarantineDir, now: () => new Date() });
  const isBackedUp = sessionsPlace.isBackedUp || backUpBeforeMigration(paths, { known: knownSchemas, build: ownBuild() }) !== undefined;
  const sessions = openRecords(sessionsPlace, isBackedUp);
  const btmsg = openRecords(btmsgPlace, isBackedUp);
  const audit = new AuditLog(btmsg.db);
  const witness = new AuditWitness(witnessPath(btmsgPlace.path));
  const found = [rowProblem(sessions), rowProblem(btmsg), auditProblem(btmsg, audit), foreignRows(btmsg, audit, witness)].filter(
    (problem) => problem !== undefined,
  );
  // The marks move on from here, so this row is what tells of the loss later.
  for (const problem of found) {
    btmsg.write(() => audit.append({ at: Date.now(), event: 'data_lost', agentId: null, actor: 'backend', detail: { problem } }));
  }
  let writeProblem: string | undefined;
  return {
    sessions,
    btmsg,
    audit,
    witness,
    /** By which those who read both in other threads are asked to wait for a moment. */
    readers: pauseMemory(),
    /** How far both are, and the head of the audit chain, kept outside the databases. */
    saveMarks() {
      try {
        sessions.saveMark();
        witness.follow(audit);
        const { seq, hash } = audit.head();
        btmsg.saveMark({ auditSeq: seq, auditHash: hash });
        writeProblem = undefined;
      } catch (error) {
        // A full disk does not end the backend: it is told, and the marks follow when there is room again.
        writeProblem = messageOf(asStorageError(error, sessions.db.name));
      }
    },
    /** How often something was committed since the start. */
    written: () => sessions.written + btmsg.written,
    /** What is wrong now, one sentence each. */
    problems(): string[] {
      return [...new Set([...found, sessions.writeProblem, btmsg.writeProblem, writeProblem])].filter((problem) => problem !== undefined);
    },
    close() {
      this.saveMarks();
      sessions.close();
      btmsg.close();
    },
  };
}

/** Where both are backed up already, a migration needs no copy of its own. */
function openRecords({ backupDir, ...place }: Place, isBackedUp: boolean): RecordFile {
  return RecordFile.open(place.path, { migrations: place.migrations, ...(isBackedUp ? {} : { backupDir }) });
}

/** The bundles lie beside what says which build they are of. */
function ownBuild() {
  return readBuildInfo(dirname(fileURLToPath(import.meta.url)));
}

/** For what opens copies of them: a drill, and a restore before it takes effect. */
export const storesOpener: Opener = {
  known: knownSchemas,
  open: openStores,
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type RecordPlace = Place & Pick<OpenOptions, 'isBackedUp'>;
export type RecordPlaces = { readonly sessions: RecordPlace; readonly btmsg: RecordPlace };

/** The databases of record, each with all that opening or recovering it needs. */
export function recordPlaces(paths: DataPaths): RecordPlaces {
  const dirs = { backupDir: paths.backups, quarantineDir: paths.quarantine };
  return {
    sessions: { path: paths.sessionsDb, migrations: sessionsMigrations, ...dirs },
    btmsg: { path: paths.btmsgDb, migrations: btmsgMigrations, ...dirs },
  };
}

/** Of each table the newest rows are looked at; the tables that grow are transcripts. */
const checkedRowsPerTable = 2_000;

function rowProblem({ db }: RecordFile): string | undefined {
  const damaged = whileReading(db.name, () => damagedRows(db, checkedRowsPerTable));
  if (damaged.length === 0) return undefined;
  const tables = [...new Set(damaged.map(({ table }) => table))].map((table) => {
    const rows = damaged.filter((row) => row.table === table).map(({ rowid }) => rowid);
    return `${table} (row ${rows.slice(0, 5).join(', ')}${rows.length > 5 ? ` and ${rows.length - 5} more` : ''})`;
  });
  return `${db.name} has rows that were changed on the disk: ${tables.join('; ')}. Run "agor recover" to see what can be restored.`;
}

/** The newest rows of the audit log are checked at each start; a whole check takes seconds once there are millions. */
const checkedRows = 20_000;

/** A chain that was cut short is whole in itself: only the head that was kept outside tells. */
function auditProblem(btmsg: RecordFile, audit: AuditLog): string | undefined {
  const broken = whileReading(btmsg.db.name, () => audit.firstBreak(Math.max(0, audit.head().seq - checkedRows)));
  if (broken !== undefined) return `The audit log was changed: row ${broken} does not follow from the one before.`;
  const { auditSeq, auditHash } = btmsg.savedMark() ?? {};
  if (auditSeq === undefined || auditHash === undefined || auditSeq === 0) return undefined;
  if (audit.hashAt(auditSeq) === auditHash) return undefined;
  return `The audit log does not hold row ${auditSeq} as it was last kept: rows were lost or changed.`;
}

/** Who commits here counts it: rows that came without are somebody else's, however well they follow from ours. */
function foreignRows(btmsg: RecordFile, audit: AuditLog, witness: AuditWitness): string | undefined {
  const { auditSeq } = btmsg.savedMark() ?? {};
  const last = audit.head().seq;
  if (auditSeq === undefined || last <= auditSeq || btmsg.hasMoved) return undefined;
  witness.disown(auditSeq + 1, last);
  return `The audit log has rows that nobody here wrote, from row ${auditSeq + 1} on.`;
}

/** A page that cannot be read is told as what it is. */
function whileReading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asStorageError(error, path);
  }
}
