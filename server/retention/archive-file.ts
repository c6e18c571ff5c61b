/**
 * An archive: JSON lines, one for each message, compressed with gzip, and beside it a manifest in plain JSON that says what
 * is in it and has its hash. It gets its name only after it was written, forced to the disk and read back whole.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import * as z from 'zod/mini';
import { asStorageError } from '../base/storage-error.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import { digestOf } from './message-record.ts';

export const Manifest = z.object({
  archive: z.string(),
  format: z.literal('agor-messages-1'),
  sha256: z.string(),
  bytes: z.number(),
  messages: z.number(),
  firstSentAt: z.number(),
  lastSentAt: z.number(),
  createdAt: z.number(),
});
export type Manifest = z.infer<typeof Manifest>;

export const archiveEnding = '.jsonl.gz';
export const manifestOf = (archivePath: string) => archivePath.slice(0, -archiveEnding.length).concat('.manifest.json');

/** Of one message: its line, and when it was sent. */
export type ArchiveLine = { readonly line: string; readonly sentAt: number };

export type NewArchive = {
  readonly name: string;
  readonly createdAt: number;
  /** Lets all others get in between two steps. */
  readonly pause: () => Promise<void>;
};

/** `lines` are written as they come. Returns what the manifest says, and the digest of each line in order. */
export async function writeArchive(
  dir: string,
  { name, createdAt, pause }: NewArchive,
  lines: AsyncIterable<ArchiveLine>,
): Promise<{ readonly manifest: Manifest; readonly digests: readonly string[] }> {
  const path = join(dir, name);
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await rm(temporary, { force: true });
    const written = await writeLines(temporary, lines);
    await requireSame(temporary, written, pause);
    const { sha256, bytes, digests, firstSentAt, lastSentAt } = written;
    const about = { archive: name, format: 'agor-messages-1', sha256, bytes, messages: digests.length } as const;
    const manifest: Manifest = { ...about, firstSentAt, lastSentAt, createdAt };
    writeFileWhole(manifestOf(path), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(temporary, path);
    await forceFolder(dir);
    return { manifest, digests };
  } catch (error) {
    await rm(temporary, { force: true });
    throw asStorageError(error, path);
  }
}

/** Each line in order. Throws `storage` for a file that is not what was written. */
export async function* archiveLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = createGunzip();
  file.on('error', (error) => text.destroy(error));
  try {
    yield* createInterface({ input: file.pipe(text), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw new AgorError('storage', `The archive ${path} cannot be read: it is damaged or cut short.`, { cause });
  } finally {
    file.destroy();
  }
}

/** Undefined where there is none that can be read. */
export async function readManifest(archivePath: string): Promise<Manifest | undefined> {
  try {
    return Manifest.parse(JSON.parse(await readFile(manifestOf(archivePath), 'utf8')));
  } catch {
    return undefined;
  }
}

type Written = Pick<Manifest, 'sha256' | 'bytes' | 'firstSentAt' | 'lastSentAt'> & { readonly digests: readonly string[] };

async function writeLines(path: string, lines: AsyncIterable<ArchiveLine>): Promise<Written> {
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  const digests: string[] = [];
  let [bytes, firstSentAt, lastSentAt] = [0, Number.POSITIVE_INFINITY, 0];
  const gzip = createGzip();
  const drained = (async () => {
    for await (const chunk of gzip) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
  })();
  const filled = (async () => {
    for await (const { line, sentAt } of lines) {
      digests.push(digestOf(line));
      [firstSentAt, lastSentAt] = [Math.min(firstSentAt, sentAt), Math.max(lastSentAt, sentAt)];
      if (!gzip.write(`${line}\n`)) await Promise.race([drainOf(gzip), drained]);
    }
    gzip.end();
  })();
  await Promise.all([filled.catch((error: unknown) => Promise.reject(destroyed(gzip, error))), drained]);
  await file.sync();
  return { sha256: hash.digest('hex'), bytes, digests, firstSentAt: digests.length === 0 ? 0 : firstSentAt, lastSentAt };
}

function drainOf(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}

/** Ends the other half as well. */
function destroyed(stream: { destroy(): void }, error: unknown): unknown {
  stream.destroy();
  return error;
}

/** The disk gave back what was written: only then may anything be removed elsewhere. */
async function requireSame(path: string, { digests, sha256 }: Written, pause: () => Promise<void>): Promise<void> {
  let at = 0;
  for await (const line of archiveLines(path)) {
    if (digestOf(line) !== digests[at]) break;
    at += 1;
    await pause();
  }
  if (at === digests.length && (await fileHash(path)) === sha256) return;
  throw new AgorError('storage', `The archive ${path} was not written whole; nothing was removed. Check the disk.`);
}

export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** So that the new name is there after the power went. Not every file system lets a folder be forced. */
async function forceFolder(dir: string): Promise<void> {
  try {
    await using folder = await open(dir, 'r');
    await folder.sync();
  } catch {
    // Where it cannot be, the file itself is on the disk, and an archive without a row is looked at when the next run begins.
  }
}
