/** The two databases of record, opened and compared with what was kept beside them. */
import { AuditLog } from './audit/audit-log.ts';
import type { DataPaths } from './base/data-paths.ts';
import { asStorageError } from './base/storage-error.ts';
import { btmsgMigrations } from './store/btmsg-schema.ts';
import { RecordFile } from './store/record-file.ts';
import { sessionsMigrations } from './store/sessions-schema.ts';

export type Stores = ReturnType<typeof openStores>;

/** Throws `storage` when one cannot be used. */
export function openStores(paths: DataPaths) {
  const sessions = RecordFile.open(paths.sessionsDb, { migrations: sessionsMigrations, backupDir: paths.backups });
  const btmsg = RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations, backupDir: paths.backups });
  const audit = new AuditLog(btmsg.db);
  const found = [sessions.problem(), btmsg.problem(), auditProblem(btmsg, audit)].filter((problem) => problem !== undefined);
  // The marks move on from here, so this row is what tells of the loss later.
  for (const problem of found) {
    btmsg.write(() => audit.append({ at: Date.now(), event: 'data_lost', agentId: null, actor: 'backend', detail: { problem } }));
  }
  let writeProblem: string | undefined;
  return {
    sessions,
    btmsg,
    audit,
    /** How far both are, and the head of the audit chain, kept outside the databases. */
    saveMarks() {
      try {
        sessions.saveMark();
        const { seq, hash } = audit.head();
        btmsg.saveMark({ auditSeq: seq, auditHash: hash });
        writeProblem = undefined;
      } catch (error) {
        // A full disk does not end the backend: it is told, and the marks follow when there is room again.
        writeProblem = messageOf(asStorageError(error, sessions.db.name));
      }
    },
    /** What is wrong now, one sentence each. */
    problems(): string[] {
      return writeProblem === undefined ? found : [...found, writeProblem];
    },
    close() {
      this.saveMarks();
      sessions.close();
      btmsg.close();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The newest rows of the audit log are checked at each start; a whole check takes seconds once there are millions. */
const checkedRows = 20_000;

/** A chain that was cut short is whole in itself: only the head that was kept outside tells. */
function auditProblem(btmsg: RecordFile, audit: AuditLog): string | undefined {
  const broken = audit.firstBreak(Math.max(0, audit.head().seq - checkedRows));
  if (broken !== undefined) return `The audit log was changed: row ${broken} does not follow from the one before.`;
  const { auditSeq, auditHash } = btmsg.savedMark() ?? {};
  if (auditSeq === undefined || auditHash === undefined || auditSeq === 0) return undefined;
  if (audit.hashAt(auditSeq) === auditHash) return undefined;
  return `The audit log does not hold row ${auditSeq} as it was last kept: rows were lost or changed.`;
}
