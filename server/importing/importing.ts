/**
 * Brings over what is in a database of the system that this one succeeds: all or nothing, what came over before left
 * alone, and nobody woken by it. Its audit log is kept beside ours, because a chain takes in nothing from outside.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import { asStorageError } from '../base/storage-error.ts';
import { visibleJson } from '../base/visible-json.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ImportReport } from '../protocol/import.ts';
import { OriginalDatabase } from '../store/original-database.ts';
import type { RecordFile } from '../store/record-file.ts';
import { importAgents, importContacts, importHeartbeats } from './import-agents.ts';
import { importChannelMembers, importChannels } from './import-channels.ts';
import { importMessages } from './import-messages.ts';
import { ImportRecord } from './import-record.ts';
import { importComments, importTasks } from './import-tasks.ts';
import type { ImportWork, KnownAgent, Screen } from './import-work.ts';

export type ImportingDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly knownAgents: () => readonly KnownAgent[];
  readonly isTeam: (id: string) => boolean;
  readonly screen: Screen;
  /** Something may be held that was not there before. */
  readonly imported: () => void;
  /** The original's audit logs go there. */
  readonly importsDir: string;
  readonly now: () => number;
};

/** Who is who comes first, and what others point to before them. */
const parts = [
  importAgents,
  importContacts,
  importHeartbeats,
  importChannels,
  importChannelMembers,
  importMessages,
  importTasks,
  importComments,
] as const;

export class Importing {
  readonly #deps: ImportingDeps;

  constructor(deps: ImportingDeps) {
    this.#deps = deps;
  }

  /** `dir`: the folder of a `btmsg.db`, or the file. */
  run(dir: string, actor: string): ImportReport {
    const original = OriginalDatabase.open(this.#pathIn(dir));
    try {
      const report = this.#bringOver(original, actor);
      this.#deps.imported();
      return report;
    } finally {
      original.close();
    }
  }

  #bringOver(original: OriginalDatabase, actor: string): ImportReport {
    const { file, audit, knownAgents, isTeam, screen, now } = this.#deps;
    const record = new ImportRecord(file.db, identityOf(original));
    const work: ImportWork = { db: file.db, original, record, knownAgents: knownAgents(), screen, startedAt: now() };
    this.#keepAuditLog(work);
    return file.write(() => {
      for (const part of parts) part(work);
      for (const team of record.teams) if (!isTeam(team)) record.note(undeclared(team));
      const { tables, notes, hasNews } = record;
      const detail = { path: original.path, source: record.source, tables, notes };
      // What changed nothing needs no telling, so that it can be run as often as anyone likes.
      if (hasNews) audit.append({ at: work.startedAt, event: 'import_finished', agentId: null, actor, detail });
      return { path: original.path, tables, notes };
    });
  }

  #keepAuditLog({ original, record }: ImportWork): void {
    if (!original.has('audit_log')) return;
    const lines = [...original.rows('audit_log')].map((row) => `${visibleJson(JSON.stringify(row))}\n`);
    const path = join(this.#deps.importsDir, `${record.source}-audit.jsonl`);
    writeInFolder(path, lines.join(''));
    record.count('audit_log', 'found', lines.length);
    record.count('audit_log', 'left', lines.length);
    record.note(`Its audit log stays apart from ours; it is in ${path}.`);
  }

  #pathIn(dir: string): string {
    if (!isAbsolute(dir)) throw new AgorError('badRequest', `The whole path of a folder or a file is expected, not "${dir}".`);
    try {
      const isFolder = statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
      const path = isFolder ? join(dir, 'btmsg.db') : dir;
      return statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : path;
    } catch (error) {
      throw asStorageError(error, dir);
    }
  }
}

/** The same for the same file, however much it grows, and another for another file that takes its place. */
function identityOf(original: OriginalDatabase): string {
  const [oldest] = original.rows('agents');
  const mark = JSON.stringify([original.path, oldest?.id ?? null, oldest?.created_at ?? null]);
  return createHash('sha256').update(mark).digest('hex').slice(0, 16);
}

function writeInFolder(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileWhole(path, text);
  } catch (error) {
    throw asStorageError(error, path);
  }
}

function undeclared(team: string): string {
  return `groups.json does not declare the group "${team.slice(0, 60)}"; its board and channels are seen once it does.`;
}
