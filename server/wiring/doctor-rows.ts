/** What the doctor reads of the rows of a data directory without being its backend. */
import { AgentStore } from '../agents/agent-store.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { ProjectStore } from '../projects/project-store.ts';
import type { Database } from '../store/open-database.ts';
import { openReadOnly } from '../store/read-only.ts';
import { type StrayWorktrees, strayWorktrees } from '../worktrees/strays.ts';
import { WorktreeStore } from '../worktrees/worktree-store.ts';

export function knownAgents({ btmsgDb }: DataPaths): ReadonlySet<string> | null {
  return read(btmsgDb, (db) => new Set(new AgentStore(db).all().map(({ id }) => id)));
}

export async function knownStrays({ btmsgDb, sessionsDb }: DataPaths): Promise<StrayWorktrees | null> {
  const records = read(btmsgDb, (db) => new WorktreeStore(db).all());
  const projects = read(sessionsDb, (db) => new Map(new ProjectStore(db).all().map(({ id, path }) => [id, path])));
  return records === null || projects === null ? null : strayWorktrees({ records, projects });
}

/** Null where it is damaged, older or not there, which is told of the database itself. */
function read<Found>(path: string, rows: (db: Database) => Found): Found | null {
  try {
    const db = openReadOnly(path);
    try {
      return rows(db);
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}
