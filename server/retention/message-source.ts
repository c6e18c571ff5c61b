/** Old messages as what is archived. Each removal commits with its audit row, because both are in the same database. */
import type { AuditLog } from '../audit/audit-log.ts';
import { MessageId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type ArchiveFacts, digestOf } from './archive-file.ts';
import type { ArchiveRow, ArchiveSource, Line, Old } from './archive-source.ts';
import type { HousekeepingStore } from './housekeeping-store.ts';
import { lineOf, MessageRecord, MessageRecords } from './message-record.ts';
import { OldMessages } from './old-messages.ts';

export type MessageSourceDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: HousekeepingStore;
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  readonly isEnding: () => boolean;
};

export class MessageSource implements ArchiveSource {
  readonly format = 'agor-messages-1';
  readonly stem = 'messages';
  readonly #deps: MessageSourceDeps;
  readonly #old: OldMessages;
  readonly #records: MessageRecords;

  constructor(deps: MessageSourceDeps) {
    this.#deps = deps;
    this.#old = new OldMessages(deps.file.db);
    this.#records = new MessageRecords(deps.file.db);
  }

  async *old(before: number): AsyncGenerator<Old> {
    for (let after = 0, isEnd = false; !isEnd && !this.#deps.isEnding(); ) {
      await this.#deps.pause();
      const page = this.#old.page(after, before);
      yield* page.messages;
      ({ upTo: after, isEnd } = page);
    }
  }

  oldLine(id: string, before: number): string | undefined {
    return this.#old.isOld(MessageId.parse(id), before) ? this.#line(id) : undefined;
  }

  idOf(line: string): string {
    return MessageRecord.parse(JSON.parse(line)).id;
  }

  archives(): ArchiveRow[] {
    return this.#deps.store.archives();
  }

  isPending({ emptiedAt }: ArchiveRow): boolean {
    return emptiedAt === null;
  }

  register(facts: ArchiveFacts): void {
    const { file, store, audit, now } = this.#deps;
    const { name, sha256, count, firstAt, lastAt } = facts;
    const detail = { archive: name, sha256, messages: count, firstSentAt: firstAt, lastSentAt: lastAt };
    file.write(() => {
      store.putArchive({ ...facts, emptiedAt: null });
      audit.append({ at: now(), event: 'messages_archived', agentId: null, actor: 'backend', detail });
    });
  }

  remove(facts: ArchiveFacts, lines: readonly Line[]): number {
    return this.#deps.file.write(() => this.#remove(facts, lines));
  }

  emptied(row: ArchiveRow): void {
    const { file, store, now } = this.#deps;
    file.write(() => store.putArchive({ ...row, emptiedAt: now() }));
  }

  #remove({ name, sha256 }: ArchiveFacts, lines: readonly Line[]): number {
    const { audit, now } = this.#deps;
    const same = lines.filter(({ id, digest }) => {
      const line = this.#line(id);
      return line !== undefined && digestOf(line) === digest;
    });
    const rows = same.reduce((sum, { id }) => sum + this.#records.remove(id), 0);
    const detail = { archive: name, sha256, messages: same.length, rows, first: same[0]?.id, last: same.at(-1)?.id };
    if (same.length > 0) audit.append({ at: now(), event: 'messages_removed', agentId: null, actor: 'backend', detail });
    return same.length;
  }

  #line(id: string): string | undefined {
    const record = this.#records.read(id);
    return record && lineOf(record);
  }
}
