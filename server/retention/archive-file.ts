/**
 * An archive: JSON lines, one for each message or item of a transcript, compressed with gzip, and beside it a manifest in
 * plain JSON that says what is in it and has its hash. It gets its name only after it was written, forced to the disk and
 * read back whole.
 */
import { createHash, hash as hashOnce } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import * as z from 'zod/mini';
import { asStorageError } from '../base/storage-error.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';

const common = { archive: z.string(), sha256: z.string(), bytes: z.number(), createdAt: z.number() };
const MessagesManifest = z.object({
  ...common,
  format: z.literal('agor-messages-1'),
  messages: z.number(),
  firstSentAt: z.number(),
  lastSentAt: z.number(),
});
const TranscriptsManifest = z.object({
  ...common,
  format: z.literal('agor-transcripts-1'),
  items: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
});
const Manifest = z.discriminatedUnion('format', [MessagesManifest, TranscriptsManifest]);
type Manifest = z.infer<typeof Manifest>;

/** What is archived, and the number of its form. */
export type ArchiveFormat = Manifest['format'];
/** What a manifest says, whatever the archive holds. */
export type ArchiveFacts = {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly createdAt: number;
};

export const archiveEnding = '.jsonl.gz';
export const manifestOf = (archivePath: string) => archivePath.slice(0, -archiveEnding.length).concat('.manifest.json');

/** Of one message or item: its line, and when it was sent or happened. */
export type ArchiveLine = { readonly line: string; readonly at: number };

export type NewArchive = {
  readonly name: string;
  readonly format: ArchiveFormat;
  readonly createdAt: number;
  /** Lets all others get in between two steps. */
  readonly pause: () => Promise<void>;
};

/** `lines` are written as they come. Returns what the manifest says, and of each line in order its digest and length. */
export async function writeArchive(
  dir: string,
  { name, format, createdAt, pause }: NewArchive,
  lines: AsyncIterable<ArchiveLine>,
): Promise<{ readonly facts: ArchiveFacts; readonly lines: readonly WrittenLine[] }> {
  const path = join(dir, name);
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await rm(temporary, { force: true });
    const written = await writeLines(temporary, lines);
    await requireSame(temporary, written, pause);
    const { lines: kept, ...about } = written;
    const facts: ArchiveFacts = { name, createdAt, count: kept.length, ...about };
    writeFileWhole(manifestOf(path), `${JSON.stringify(manifestFrom(format, facts), null, 2)}\n`);
    await rename(temporary, path);
    await forceFolder(dir);
    return { facts, lines: kept };
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

/** Undefined where there is none of that form that can be read. */
export async function readManifest(archivePath: string, format: ArchiveFormat): Promise<ArchiveFacts | undefined> {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(manifestOf(archivePath), 'utf8')));
    return manifest.format === format ? factsOf(manifest) : undefined;
  } catch {
    return undefined;
  }
}

function manifestFrom(format: ArchiveFormat, { name, sha256, bytes, count, firstAt, lastAt, createdAt }: ArchiveFacts): Manifest {
  const about = { archive: name, sha256, bytes };
  if (format === 'agor-transcripts-1') return { ...about, format, items: count, firstAt, lastAt, createdAt };
  return { ...about, format, messages: count, firstSentAt: firstAt, lastSentAt: lastAt, createdAt };
}

function factsOf(manifest: Manifest): ArchiveFacts {
  const { archive: name, sha256, bytes, createdAt } = manifest;
  const about = { name, sha256, bytes, createdAt };
  if (manifest.format === 'agor-transcripts-1')
    return { ...about, count: manifest.items, firstAt: manifest.firstAt, lastAt: manifest.lastAt };
  return { ...about, count: manifest.messages, firstAt: manifest.firstSentAt, lastAt: manifest.lastSentAt };
}

export type WrittenLine = { readonly digest: string; readonly bytes: number };
type Written = Pick<ArchiveFacts, 'sha256' | 'bytes' | 'firstAt' | 'lastAt'> & { readonly lines: readonly WrittenLine[] };

async function writeLines(path: string, lines: AsyncIterable<ArchiveLine>): Promise<Written> {
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  const kept: WrittenLine[] = [];
  let [bytes, firstAt, lastAt] = [0, Number.POSITIVE_INFINITY, 0];
  const gzip = createGzip();
  const drained = (async () => {
    for await (const chunk of gzip) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
  })();
  const filled = (async () => {
    for await (const { line, at } of lines) {
      kept.push({ digest: digestOf(line), bytes: Buffer.byteLength(line) });
      [firstAt, lastAt] = [Math.min(firstAt, at), Math.max(lastAt, at)];
      if (!gzip.write(`${line}\n`)) await Promise.race([drainOf(gzip), drained]);
    }
    gzip.end();
  })();
  await Promise.all([filled.catch((error: unknown) => Promise.reject(destroyed(gzip, error))), drained]);
  await file.sync();
  return { sha256: hash.digest('hex'), bytes, lines: kept, firstAt: kept.length === 0 ? 0 : firstAt, lastAt };
}

function drainOf(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}

/** Ends the other half as well. */
function destroyed(stream: { destroy(): void }, error: unknown): unknown {
  stream.destroy();
  return error;
}

/** By which what is in an archive is told from what has changed since. */
export function digestOf(line: string): string {
  return hashOnce('sha256', line, 'hex');
}

/** The disk gave back what was written: only then may anything be removed elsewhere. */
async function requireSame(path: string, { lines, sha256 }: Written, pause: () => Promise<void>): Promise<void> {
  let at = 0;
  for await (const line of archiveLines(path)) {
    if (digestOf(line) !== lines[at]?.digest) break;
    at += 1;
    await pause();
  }
  if (at === lines.length && (await fileHash(path)) === sha256) return;
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
