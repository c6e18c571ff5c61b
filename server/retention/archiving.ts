/**
 * Takes old messages, or old items of transcripts, out of the database: first into an archive that was read back whole, then
 * the archive is registered with its hash in the audit log, and only then is removed what it holds, a few at a time. So at
 * every moment each is in the database, in a registered archive, or in both; a run that was cut short is ended by the next.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveEnding, archiveLines, digestOf, fileHash, manifestOf, readManifest, writeArchive } from './archive-file.ts';
import type { ArchiveRow, ArchiveSource, Line, Old } from './archive-source.ts';

export type ArchivingDeps = {
  readonly source: ArchiveSource;
  readonly dir: string;
  /** Lets all others get in between two steps. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  /** The backend ends: what is left is for the next one. */
  readonly isEnding: () => boolean;
};

/** Of one archive: as much as is read in a moment, and fits into memory many times over. */
const most = { lines: 5_000, bytes: 32 * 1024 * 1024 };
/** Takes a few milliseconds with everything that belongs to them. */
const removedAtOnce = { lines: 20, bytes: 512 * 1024 };

export type Taken = { readonly archived: number; readonly removed: number };
export type OldCount = { readonly count: number; readonly bytes: number; readonly firstAt: number | null; readonly lastAt: number | null };

export class Archiving {
  readonly #deps: ArchivingDeps;

  constructor(deps: ArchivingDeps) {
    this.#deps = deps;
  }

  /** All that is older than that and settled. */
  async run(before: number): Promise<Taken> {
    let removed = await this.#endEarlier();
    let archived = 0;
    for await (const chunk of this.#chunks(before)) {
      const made = await this.#archive(chunk, before);
      if (made) {
        archived += made.row.count;
        removed += await this.#empty(made.row, made.lines);
      }
      if (this.#deps.isEnding()) break;
    }
    return { archived, removed };
  }

  /** What `run` would take out; nothing is changed. `each` is told of every one. */
  async preview(before: number, each: (old: Old) => void = () => {}): Promise<OldCount> {
    let found: OldCount = { count: 0, bytes: 0, firstAt: null, lastAt: null };
    for await (const old of this.#deps.source.old(before)) {
      const [firstAt, lastAt] = [Math.min(found.firstAt ?? old.at, old.at), Math.max(found.lastAt ?? old.at, old.at)];
      found = { count: found.count + 1, bytes: found.bytes + old.bytes, firstAt, lastAt };
      each(old);
    }
    return found;
  }

  async #endEarlier(): Promise<number> {
    const { source, dir } = this.#deps;
    await this.#registerUnknown();
    let removed = 0;
    for (const row of source.archives().filter((row) => source.isPending(row))) {
      const path = join(dir, row.name);
      // Of one that is gone or is another now, nothing is removed: what is still here will be archived anew.
      if ((await fileHash(path).catch(() => '')) === row.sha256) removed += await this.#empty(row, await this.#linesOf(path));
      else if (row.emptiedAt === null) source.emptied(row);
    }
    return removed;
  }

  /**
   * A file that got its name before its row was kept, or whose row went when an older backup was put back: it is whole, so
   * what it holds may leave the database. Nothing is archived twice by that.
   */
  async #registerUnknown(): Promise<void> {
    const { dir, source } = this.#deps;
    const known = new Set(source.archives().map(({ name }) => name));
    for (const name of await namesIn(dir)) {
      const path = join(dir, name);
      if (name.endsWith('.tmp')) await rm(path, { force: true });
      if (!name.endsWith(archiveEnding) || known.has(name)) continue;
      const facts = await readManifest(path, source.format);
      const isWhole = facts?.name === name && (await fileHash(path)) === facts.sha256;
      if (isWhole) source.register(facts);
      // Whatever somebody put here is not ours to judge.
      else await rename(path, `${path}.unknown`);
    }
  }

  /** Undefined when something has happened to each of them since. */
  async #archive(chunk: readonly Old[], before: number): Promise<{ row: ArchiveRow; lines: readonly Line[] } | undefined> {
    const { dir, source, now, pause } = this.#deps;
    const createdAt = now();
    const ids: string[] = [];
    const name = await freeName(dir, source.stem, createdAt);
    const written = await writeArchive(dir, { name, format: source.format, createdAt, pause }, this.#lines(chunk, before, ids));
    if (ids.length === 0) return this.#forget(join(dir, name));
    source.register(written.facts);
    const lines = written.lines.map((line, index) => ({ id: ids[index] ?? '', ...line }));
    return { row: { ...written.facts, emptiedAt: null }, lines };
  }

  async #forget(path: string): Promise<undefined> {
    for (const gone of [path, manifestOf(path)]) await rm(gone, { force: true });
  }

  async *#lines(chunk: readonly Old[], before: number, ids: string[]) {
    for (const { id, at } of chunk) {
      await this.#deps.pause();
      const line = this.#deps.source.oldLine(id, before);
      if (line === undefined) continue;
      ids.push(id);
      yield { line, at };
    }
  }

  /** Removes what is still as it was archived; what has changed since stays here, and is archived again when it is old. */
  async #empty(row: ArchiveRow, lines: readonly Line[]): Promise<number> {
    const { source, pause, isEnding } = this.#deps;
    let removed = 0;
    for (const few of fewAtOnce(lines)) {
      if (isEnding()) return removed;
      await pause();
      removed += source.remove(row, few);
    }
    if (row.emptiedAt === null || removed > 0) source.emptied(row);
    return removed;
  }

  async #linesOf(path: string): Promise<Line[]> {
    const lines: Line[] = [];
    for await (const line of archiveLines(path)) {
      lines.push({ id: this.#deps.source.idOf(line), digest: digestOf(line), bytes: Buffer.byteLength(line) });
      await this.#deps.pause();
    }
    return lines;
  }

  async *#chunks(before: number): AsyncGenerator<Old[]> {
    let [chunk, bytes]: [Old[], number] = [[], 0];
    for await (const old of this.#deps.source.old(before)) {
      chunk.push(old);
      bytes += old.bytes;
      if (chunk.length < most.lines && bytes < most.bytes) continue;
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    if (chunk.length > 0) yield chunk;
  }
}

/** A large one goes alone. */
function* fewAtOnce(lines: readonly Line[]): Generator<Line[]> {
  let [few, bytes]: [Line[], number] = [[], 0];
  for (const line of lines) {
    if (few.length > 0 && (few.length === removedAtOnce.lines || bytes + line.bytes > removedAtOnce.bytes)) {
      yield few;
      [few, bytes] = [[], 0];
    }
    few.push(line);
    bytes += line.bytes;
  }
  if (few.length > 0) yield few;
}

async function freeName(dir: string, kind: string, at: number): Promise<string> {
  const stem = `${kind}-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`;
  const taken = new Set(await namesIn(dir));
  for (let number = 1; ; number += 1) {
    const name = `${stem}-${number}${archiveEnding}`;
    if (!taken.has(name)) return name;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}
