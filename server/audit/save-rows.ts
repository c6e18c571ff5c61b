/**
 * Rows of the audit log as files to take along: JSONL and CSV, a manifest with the hashes of both, and the same hashes as
 * `sha256sum -c` reads them. All of it in a new folder that only its owner can read, whole or not at all.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import { visibleJson } from '../base/visible-json.ts';
import type { AuditManifest, SavedAudit } from '../protocol/audit.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AuditHead, type AuditRow, asRecord } from './audit-row.ts';
import { csvHead, csvLine } from './csv-text.ts';

export type RowsToSave = {
  /** Pages of rows in their order. */
  readonly pages: Iterable<readonly AuditRow[]>;
  readonly head: AuditHead;
  readonly window: AuditManifest['window'];
  readonly build: AuditManifest['build'];
  readonly now: number;
};

type Ends = Pick<AuditManifest, 'rows' | 'first' | 'last'>;

/** `dir`: the folder in which the new one is made. */
export async function saveRows(dir: string, rows: RowsToSave): Promise<SavedAudit> {
  if (!isAbsolute(dir)) throw new AgorError('badRequest', `Give the whole path of the folder, and not "${dir}".`);
  const path = join(dir, `agor-audit-${new Date(rows.now).toISOString().replaceAll(':', '-').replace(/\.\d+/, '')}`);
  await orRefuse(dir, () => mkdir(path, { mode: 0o700 }));
  try {
    return { path, manifest: await orRefuse(path, () => fill(path, rows)) };
  } catch (error) {
    // A part of it would be taken for the whole.
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

async function fill(path: string, { pages, head, window, build, now }: RowsToSave): Promise<AuditManifest> {
  await using jsonl = await HashedFile.create(path, 'audit.jsonl');
  await using csv = await HashedFile.create(path, 'audit.csv');
  let ends: Ends = { rows: 0, first: null, last: null };
  await csv.write(csvHead);
  for (const page of pages) {
    await jsonl.write(page.map((row) => `${visibleJson(JSON.stringify(asRecord(row)))}\n`).join(''));
    await csv.write(page.map(csvLine).join(''));
    ends = including(ends, page);
  }
  const files = [await jsonl.finish(), await csv.finish()];
  const manifest = { exportedAt: new Date(now).toISOString(), build, window, ...ends, head: { seq: head.seq, hash: head.hash }, files };
  await using about = await HashedFile.create(path, 'manifest.json');
  await about.write(`${JSON.stringify(manifest, null, 2)}\n`);
  await using sums = await HashedFile.create(path, 'SHA256SUMS');
  await sums.write([...files, await about.finish()].map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
  await sums.finish();
  return manifest;
}

function including({ rows, first, last }: Ends, page: readonly AuditRow[]): Ends {
  const [newFirst, newLast] = [page[0], page.at(-1)];
  return {
    rows: rows + page.length,
    first: first ?? (newFirst ? { seq: newFirst.seq, hash: newFirst.hash } : null),
    last: newLast ? { seq: newLast.seq, hash: newLast.hash } : last,
  };
}

/** A new file that knows the hash and the length of what was written to it. */
class HashedFile {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  private constructor(handle: FileHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
  }

  static async create(dir: string, name: string): Promise<HashedFile> {
    return new HashedFile(await open(join(dir, name), 'wx', 0o600), name);
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }

  /** On disk when this resolves. */
  async finish(): Promise<AuditManifest['files'][number]> {
    await this.#handle.sync();
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

async function orRefuse<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') throw new AgorError('notFound', `There is no folder ${path}. Make it first, or choose another one.`, { cause });
    if (code === 'EEXIST')
      throw new AgorError('conflict', `An export of this very second is in ${path} already. Wait a moment, and export again.`, { cause });
    throw asStorageError(cause, path);
  }
}
