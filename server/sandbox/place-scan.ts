/** What lies at a place now, and below it: never through a link, never waiting for a pipe, and never more than allowed. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

export type Found =
  | { readonly kind: 'file'; readonly mode: number; readonly digest: string; readonly bytes: Buffer | null }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' }
  /** A pipe, a socket, a device, or a name that this system cannot say. */
  | { readonly kind: 'other' };

export type Scan = {
  readonly found: ReadonlyMap<string, Found>;
  /** False when there was more than could be looked at. */
  readonly isWhole: boolean;
  readonly limits: ScanLimits;
};

export type ScanLimits = {
  readonly entries: number;
  /** Larger files are known by their size and times only, and are not kept. */
  readonly fileBytes: number;
  /** Of all files together that are kept. */
  readonly keptBytes: number;
  readonly milliseconds: number;
};

const entriesAtOnce = 64;
const unsayable = '\ufffd';

/** Others get their turn in between. `elapsed` counts milliseconds. */
export async function scanPlaces(roots: readonly string[], limits: ScanLimits, elapsed = () => performance.now()): Promise<Scan> {
  const found = new Map<string, Found>();
  const waiting = [...roots].reverse();
  const startedAt = elapsed();
  let keptBytes = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.size >= limits.entries || elapsed() - startedAt > limits.milliseconds) return { found, isWhole: false, limits };
    const here = lookAt(path, limits);
    if (here === null) continue;
    if (here.kind === 'folder')
      waiting.push(
        ...namesIn(path)
          .reverse()
          .map((name) => join(path, name)),
      );
    keptBytes += here.kind === 'file' ? (here.bytes?.length ?? 0) : 0;
    found.set(path, here.kind === 'file' && keptBytes > limits.keptBytes ? { ...here, bytes: null } : here);
    if (found.size % entriesAtOnce === 0) await nextTurn();
  }
  return { found, isWhole: true, limits };
}

/** Null when nothing is there. A name that this system cannot say comes with a mark in it, by which nothing is found. */
export function lookAt(path: string, { fileBytes }: Pick<ScanLimits, 'fileBytes'>): Found | null {
  try {
    const place = lstatSync(path);
    if (place.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path) };
    if (place.isDirectory()) return { kind: 'folder' };
    if (!place.isFile()) return { kind: 'other' };
    return place.size > fileBytes ? largeFile(place) : fileAt(path, fileBytes);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && !path.includes(unsayable) ? null : { kind: 'other' };
  }
}

export function isSame(one: Found | null, other: Found | null): boolean {
  if (one?.kind === 'file' && other?.kind === 'file') return one.digest === other.digest && one.mode === other.mode;
  if (one?.kind === 'link' && other?.kind === 'link') return one.target === other.target;
  return one?.kind === other?.kind;
}

function fileAt(path: string, fileBytes: number): Found {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: 'other' };
    if (stat.size > fileBytes) return largeFile(stat);
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(file, bytes, 0, stat.size, 0);
    const read = bytes.subarray(0, length);
    return { kind: 'file', mode: stat.mode, digest: createHash('sha256').update(read).digest('hex'), bytes: read };
  } finally {
    closeSync(file);
  }
}

function largeFile({ mode, size, mtimeMs, ctimeMs, ino }: Stats): Found {
  return { kind: 'file', mode, digest: `${size} ${mtimeMs} ${ctimeMs} ${ino}`, bytes: null };
}

/** In one order, so that what a limit cuts off is the same the next time. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // It went, or is nobody's to list: there is nothing to compare.
    return [];
  }
}
