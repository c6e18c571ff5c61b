/** What there is in the databases now and not in a backup, so far as rows can be counted. */
import type { Backup, RestoreLoss } from '../protocol/backup.ts';
import { HighWaterMark } from '../store/high-water-mark.ts';
import type { Database } from '../store/open-database.ts';
import { reading } from '../store/read-only.ts';

export type LossWish = { readonly sessionsDb: string; readonly btmsgDb: string; readonly backup: Backup };

/** With connections of its own that only read: counting takes longer than the event loop has. */
export function countLoss({ sessionsDb, btmsgDb, backup }: LossWish): RestoreLoss {
  const { sessions, btmsg } = backup.databases;
  const since = (now: number, then: number | undefined) => Math.max(0, now - (then ?? 0));
  const ofSessions = reading(sessionsDb, (db) => ({
    commits: since(commits(db), sessions.commits),
    sessions: since(count(db, 'sessions'), sessions.rows.sessions),
    items: since(count(db, 'items'), sessions.rows.items),
  }));
  const ofBtmsg = reading(btmsgDb, (db) => ({
    commits: since(commits(db), btmsg.commits),
    auditRows: since(count(db, 'audit_log'), btmsg.rows.audit_log),
    messages: since(count(db, 'messages'), btmsg.rows.messages),
    tasks: since(count(db, 'tasks'), btmsg.rows.tasks),
    agents: since(count(db, 'agents'), btmsg.rows.agents),
  }));
  return { ...ofSessions, ...ofBtmsg, commits: ofSessions.commits + ofBtmsg.commits };
}

function count(db: Database, table: 'sessions' | 'items' | 'audit_log' | 'messages' | 'tasks' | 'agents'): number {
  return db.prepare<[], number>(`select count(*) from ${table}`).pluck().get() ?? 0;
}

function commits(db: Database): number {
  return new HighWaterMark(db).commits();
}
