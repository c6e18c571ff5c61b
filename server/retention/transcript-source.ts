/**
 * Old items of transcripts as what is archived. The items are in one database and the audit log in the other, and SQLite has
 * no commit over both: the log is told first what may go, then it goes, and then the log is told that it went. So an intent
 * without its deed may be told, never the reverse.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type ArchiveFacts, digestOf } from './archive-file.ts';
import type { ArchiveRow, ArchiveSource, Line, Old } from './archive-source.ts';
import { ItemRecord, itemLine } from './item-record.ts';
import { OldItems } from './old-items.ts';
import { ArchivedItemsStore, TranscriptArchives } from './transcript-archive-store.ts';

export type TranscriptSourceDeps = {
  readonly files: { readonly sessions: RecordFile; readonly btmsg: RecordFile };
  readonly audit: AuditLog;
  /** Whether the agent has a question open, or anything that this backend has not taken in or has refused. */
  readonly hasUnsettled: (agentId: string) => Promise<boolean>;
  /** Items of these sessions went just now. */
  readonly removed: (sessionIds: readonly string[]) => void;
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  readonly isEnding: () => boolean;
};

export class TranscriptSource implements ArchiveSource {
  readonly format = 'agor-transcripts-1';
  readonly stem = 'transcripts';
  readonly #deps: TranscriptSourceDeps;
  readonly #old: OldItems;
  readonly #archives: TranscriptArchives;
  readonly #archived: ArchivedItemsStore;

  constructor(deps: TranscriptSourceDeps) {
    this.#deps = deps;
    this.#old = new OldItems(deps.files.sessions.db);
    this.#archives = new TranscriptArchives(deps.files.btmsg.db);
    this.#archived = new ArchivedItemsStore(deps.files.sessions.db);
  }

  async *old(before: number): AsyncGenerator<Old> {
    const { pause, isEnding } = this.#deps;
    const unsettled = new Map<string, Promise<boolean>>();
    for (let session = this.#old.nextSession('', before); session; session = this.#old.nextSession(session.id, before)) {
      if (isEnding()) return;
      await pause();
      const { id, agentId } = session;
      const asked = unsettled.get(agentId) ?? this.#deps.hasUnsettled(agentId);
      unsettled.set(agentId, asked);
      if (this.#old.isSettled(id) && !(await asked)) yield* this.#ofSession(id, before);
    }
  }

  oldLine(id: string): string | undefined {
    const row = this.#old.row(id);
    return row && this.#old.isSettled(String(row.session_id)) ? itemLine(row) : undefined;
  }

  idOf(line: string): string {
    return ItemRecord.parse(JSON.parse(line)).id;
  }

  archives(): ArchiveRow[] {
    return this.#archives.all();
  }

  /** Also of one that was emptied, when the transcripts know nothing of it: they were brought back from before, alone. */
  isPending({ name, emptiedAt }: ArchiveRow): boolean {
    return emptiedAt === null || this.#archived.count(name) === 0;
  }

  register(facts: ArchiveFacts): void {
    const { name, sha256, count, firstAt, lastAt } = facts;
    const detail = { archive: name, sha256, items: count, firstAt, lastAt };
    this.#tell('transcripts_archived', detail, () => this.#archives.put({ ...facts, emptiedAt: null }));
  }

  remove({ name }: ArchiveFacts, lines: readonly Line[]): number {
    const { files, now, removed } = this.#deps;
    const { ids, sessions } = files.sessions.write(() => {
      const ids = lines.filter((line) => this.#isSame(line)).map(({ id }) => id);
      return { ids, sessions: this.#archived.remove(name, ids, now()) };
    });
    if (ids.length > 0) removed(sessions);
    return ids.length;
  }

  emptied(row: ArchiveRow): void {
    const { name, sha256 } = row;
    const detail = { archive: name, sha256, items: this.#archived.count(name) };
    this.#tell('transcripts_removed', detail, () => this.#archives.put({ ...row, emptiedAt: this.#deps.now() }));
  }

  async *#ofSession(id: string, before: number): AsyncGenerator<Old> {
    for (const item of this.#old.of(id, before)) {
      if (item) yield item;
      else await this.#deps.pause();
      if (this.#deps.isEnding()) return;
    }
  }

  #isSame({ id, digest }: Line): boolean {
    const row = this.#old.row(id);
    return row !== undefined && digestOf(itemLine(row)) === digest;
  }

  #tell(event: 'transcripts_archived' | 'transcripts_removed', detail: object, change: () => void): void {
    const { files, audit, now } = this.#deps;
    files.btmsg.write(() => {
      change();
      audit.append({ at: now(), event, agentId: null, actor: 'backend', detail: { ...detail } });
    });
  }
}
