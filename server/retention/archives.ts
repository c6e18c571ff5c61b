/** The archives of messages and of transcripts: what is in them, what would go into them now, and how it goes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import type { MessageArchive, RetentionPreview, RetentionReport, TranscriptArchive } from '../protocol/retention.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { ArchiveRow } from './archive-source.ts';
import { Archiving, type Taken } from './archiving.ts';
import { oldBefore } from './daily.ts';
import type { HousekeepingStore } from './housekeeping-store.ts';
import { MessageSource } from './message-source.ts';
import { TranscriptSource } from './transcript-source.ts';

export type ArchivesDeps = {
  readonly files: { readonly sessions: RecordFile; readonly btmsg: RecordFile };
  readonly audit: AuditLog;
  readonly store: HousekeepingStore;
  readonly dirs: { readonly messages: string; readonly transcripts: string };
  /** Whether the agent has a question open, or anything that this backend has not taken in or has refused. */
  readonly hasUnsettled: (agentId: string) => Promise<boolean>;
  readonly pause: () => Promise<void>;
  readonly now: () => number;
};

/** Days; 0: kept for good. */
export type KeptDays = { readonly messages: number; readonly transcripts: number };
export type ArchiveKind = keyof KeptDays;

export class Archives {
  /** Items of the transcripts of these sessions went just now. */
  readonly removed = new Emitter<readonly string[]>();
  readonly #deps: ArchivesDeps;
  readonly #sources;
  readonly #archivings;
  #isEnding = false;

  constructor(deps: ArchivesDeps) {
    const { files, audit, store, dirs, hasUnsettled, pause, now } = deps;
    const common = { audit, pause, now, isEnding: () => this.#isEnding };
    const removed = (sessions: readonly string[]) => this.removed.emit(sessions);
    this.#deps = deps;
    this.#sources = {
      messages: new MessageSource({ ...common, file: files.btmsg, store }),
      transcripts: new TranscriptSource({ ...common, files, hasUnsettled, removed }),
    };
    this.#archivings = {
      messages: new Archiving({ ...common, source: this.#sources.messages, dir: dirs.messages }),
      transcripts: new Archiving({ ...common, source: this.#sources.transcripts, dir: dirs.transcripts }),
    };
  }

  show(): Pick<RetentionReport, 'archiveDir' | 'archives' | 'transcriptArchiveDir' | 'transcriptArchives'> {
    const { dirs } = this.#deps;
    return {
      archiveDir: dirs.messages,
      archives: this.#sources.messages.archives().map((row) => messageArchive(row, dirs.messages)),
      transcriptArchiveDir: dirs.transcripts,
      transcriptArchives: this.#sources.transcripts.archives().map((row) => transcriptArchive(row, dirs.transcripts)),
    };
  }

  /** Nothing is changed. */
  async preview(days: KeptDays): Promise<RetentionPreview> {
    const sessions = new Set<string>();
    const messages = await this.#archivings.messages.preview(this.#before(days.messages));
    const items = await this.#archivings.transcripts.preview(this.#before(days.transcripts), ({ of }) => void sessions.add(of));
    return {
      ...{ messages: messages.count, bytes: messages.bytes, firstSentAt: messages.firstAt, lastSentAt: messages.lastAt },
      ...{ items: items.count, itemBytes: items.bytes, sessions: sessions.size },
      ...{ firstItemAt: items.firstAt, lastItemAt: items.lastAt },
    };
  }

  /** All of a kind that is settled and older than so many days. */
  run(kind: ArchiveKind, days: number): Promise<Taken> {
    return this.#archivings[kind].run(this.#before(days));
  }

  /** What is under way ends with its step. */
  end(): void {
    this.#isEnding = true;
  }

  /** With 0 days nothing is that old. */
  #before(days: number): number {
    return days === 0 ? 0 : oldBefore(days, this.#deps.now());
  }
}

function messageArchive({ count, firstAt, lastAt, ...row }: ArchiveRow, dir: string): MessageArchive {
  return { ...row, messages: count, firstSentAt: firstAt, lastSentAt: lastAt, ...placeOf(dir, row.name) };
}

function transcriptArchive({ count, ...row }: ArchiveRow, dir: string): TranscriptArchive {
  return { ...row, items: count, ...placeOf(dir, row.name) };
}

function placeOf(dir: string, name: string): { readonly path: string; readonly isMissing: boolean } {
  const path = join(dir, name);
  return { path, isMissing: !existsSync(path) };
}
