/**
 * Takes old messages out of the database: first into an archive that was read back whole, then the archive is registered
 * with its hash in the audit log, and only then its messages are removed, a few at a time, each time with an audit row. So
 * at every moment a message is in the database, in a registered archive, or in both; a run that was cut short is ended by
 * the next one.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import type { MessageArchive, RetentionPreview } from '../protocol/retention.ts';
import type { RecordFile } from '../store/record-file.ts';
import { archiveEnding, archiveLines, fileHash, manifestOf, readManifest, writeArchive } from './archive-file.ts';
import type { ArchiveRow, HousekeepingStore } from './housekeeping-store.ts';
import { digestOf, lineOf, MessageRecord, MessageRecords } from './message-record.ts';
import { type OldMessage, OldMessages } from './old-messages.ts';

export type ArchivingDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: HousekeepingStore;
  readonly dir: string;
  /** Lets all others get in between two steps. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  /** The backend ends: what is left is for the next one. */
  readonly isEnding: () => boolean;
};

/** Of one archive: as much as is read in a moment, and fits into memory many times over. */
const most = { messages: 5_000, bytes: 32 * 1024 * 1024 };
/** Takes a few milliseconds with everything that belongs to them. */
const removedAtOnce = 20;

type Line = { readonly id: string; readonly digest: string };
export type Taken = { readonly archived: number; readonly removed: number };

export class Archiving {
  readonly #deps: ArchivingDeps;
  readonly #old: OldMessages;
  readonly #records: MessageRecords;

  constructor(deps: ArchivingDeps) {
    this.#deps = deps;
    this.#old = new OldMessages(deps.file.db);
    this.#records = new MessageRecords(deps.file.db);
  }

  /** All that was sent before then and is settled. */
  async run(before: number): Promise<Taken> {
    let removed = await this.#endEarlier();
    let archived = 0;
    for await (const chunk of this.#chunks(before)) {
      const made = await this.#archive(chunk, before);
      if (made) {
        archived += made.row.messages;
        removed += await this.#empty(made.row, made.lines);
      }
      if (this.#deps.isEnding()) break;
    }
    return { archived, removed };
  }

  /** What `run` would take out; nothing is changed. */
  async preview(before: number): Promise<RetentionPreview> {
    const found = { messages: 0, bytes: 0, firstSentAt: null as number | null, lastSentAt: null as number | null };
    for await (const { sentAt, bytes } of this.#all(before)) {
      found.messages += 1;
      found.bytes += bytes;
      found.firstSentAt = Math.min(found.firstSentAt ?? sentAt, sentAt);
      found.lastSentAt = Math.max(found.lastSentAt ?? sentAt, sentAt);
    }
    return found;
  }

  /** Whether there is anything to take out. */
  async hasAny(before: number): Promise<boolean> {
    for await (const _ of this.#all(before)) return true;
    return false;
  }

  async #endEarlier(): Promise<number> {
    await this.#registerUnknown();
    let removed = 0;
    for (const row of this.#deps.store.archives().filter(({ emptiedAt }) => emptiedAt === null)) {
      const path = join(this.#deps.dir, row.name);
      // Of one that is gone or is another now, nothing is removed: what is still here will be archived anew.
      if ((await fileHash(path).catch(() => '')) === row.sha256) removed += await this.#empty(row, await this.#linesOf(path));
      else this.#deps.file.write(() => this.#deps.store.putArchive({ ...row, emptiedAt: this.#deps.now() }));
    }
    return removed;
  }

  /**
   * A file that got its name before its row was kept, or whose row went when an older backup was put back: it is whole, so
   * what it holds may leave the database. Nothing is archived twice by that.
   */
  async #registerUnknown(): Promise<void> {
    const { dir, store, file } = this.#deps;
    const known = new Set(store.archives().map(({ name }) => name));
    for (const name of await namesIn(dir)) {
      const path = join(dir, name);
      if (name.endsWith('.tmp')) await rm(path, { force: true });
      if (!name.endsWith(archiveEnding) || known.has(name)) continue;
      const manifest = await readManifest(path);
      const isWhole = manifest?.archive === name && (await fileHash(path)) === manifest.sha256;
      if (isWhole) file.write(() => this.#register({ ...rowOf(manifest), emptiedAt: null }));
      // Whatever somebody put here is not ours to judge.
      else await rename(path, `${path}.unknown`);
    }
  }

  /** Undefined when something has happened to each of them since. */
  async #archive(chunk: readonly OldMessage[], before: number): Promise<{ row: ArchiveRow; lines: readonly Line[] } | undefined> {
    const { dir, file, now, pause } = this.#deps;
    const createdAt = now();
    const ids: string[] = [];
    const name = await freeName(dir, createdAt);
    const written = await writeArchive(dir, { name, createdAt, pause }, this.#lines(chunk, before, ids));
    if (ids.length === 0) return this.#forget(join(dir, name));
    const row = { ...rowOf(written.manifest), emptiedAt: null };
    file.write(() => this.#register(row));
    return { row, lines: written.digests.map((digest, index) => ({ id: ids[index] ?? '', digest })) };
  }

  async #forget(path: string): Promise<undefined> {
    for (const gone of [path, manifestOf(path)]) await rm(gone, { force: true });
  }

  async *#lines(chunk: readonly OldMessage[], before: number, ids: string[]) {
    for (const { id, sentAt } of chunk) {
      await this.#deps.pause();
      const record = this.#old.isOld(id, before) ? this.#records.read(id) : undefined;
      if (!record) continue;
      ids.push(id);
      yield { line: lineOf(record), sentAt };
    }
  }

  #register(row: ArchiveRow): void {
    const { store, audit, now } = this.#deps;
    const { name, sha256, messages, firstSentAt, lastSentAt } = row;
    store.putArchive(row);
    const detail = { archive: name, sha256, messages, firstSentAt, lastSentAt };
    audit.append({ at: now(), event: 'messages_archived', agentId: null, actor: 'backend', detail });
  }

  /** Removes what is still as it was archived; what has changed since stays here, and is archived again when it is old. */
  async #empty(row: ArchiveRow, lines: readonly Line[]): Promise<number> {
    const { file, store, now, pause, isEnding } = this.#deps;
    let removed = 0;
    for (let at = 0; at < lines.length; at += removedAtOnce) {
      if (isEnding()) return removed;
      await pause();
      removed += file.write(() => this.#remove(row, lines.slice(at, at + removedAtOnce)));
    }
    file.write(() => store.putArchive({ ...row, emptiedAt: now() }));
    return removed;
  }

  #remove({ name, sha256 }: ArchiveRow, lines: readonly Line[]): number {
    const { audit, now } = this.#deps;
    const same = lines.filter(({ id, digest }) => {
      const record = this.#records.read(id);
      return record !== undefined && digestOf(lineOf(record)) === digest;
    });
    const rows = same.reduce((sum, { id }) => sum + this.#records.remove(id), 0);
    const detail = { archive: name, sha256, messages: same.length, rows, first: same[0]?.id, last: same.at(-1)?.id };
    if (same.length > 0) audit.append({ at: now(), event: 'messages_removed', agentId: null, actor: 'backend', detail });
    return same.length;
  }

  async #linesOf(path: string): Promise<Line[]> {
    const lines: Line[] = [];
    for await (const line of archiveLines(path)) {
      lines.push({ id: idOf(line), digest: digestOf(line) });
      await this.#deps.pause();
    }
    return lines;
  }

  async *#chunks(before: number): AsyncGenerator<OldMessage[]> {
    let [chunk, bytes]: [OldMessage[], number] = [[], 0];
    for await (const message of this.#all(before)) {
      chunk.push(message);
      bytes += message.bytes;
      if (chunk.length < most.messages && bytes < most.bytes) continue;
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    if (chunk.length > 0) yield chunk;
  }

  async *#all(before: number): AsyncGenerator<OldMessage> {
    for (let after = 0, isEnd = false; !isEnd && !this.#deps.isEnding(); ) {
      await this.#deps.pause();
      const page = this.#old.page(after, before);
      yield* page.messages;
      ({ upTo: after, isEnd } = page);
    }
  }
}

function rowOf({
  archive,
  sha256,
  bytes,
  messages,
  firstSentAt,
  lastSentAt,
  createdAt,
}: NonNullable<Awaited<ReturnType<typeof readManifest>>>) {
  return { name: archive, sha256, bytes, messages, firstSentAt, lastSentAt, createdAt } satisfies Omit<
    MessageArchive,
    'path' | 'isMissing' | 'emptiedAt'
  >;
}

function idOf(line: string): string {
  return MessageRecord.parse(JSON.parse(line)).id;
}

async function freeName(dir: string, at: number): Promise<string> {
  const stem = `messages-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`;
  const taken = new Set(await namesIn(dir));
  for (let number = 1; ; number += 1) {
    const name = `${stem}-${number}${archiveEnding}`;
    if (!taken.has(name)) return name;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}
