/** The demo agent's eyes and hands in its project: bounded in what is read, and never outside of the folder. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { writeFileWhole } from '../base/write-file-whole.ts';

export type Entry = { readonly name: string; readonly isFolder: boolean };
export type Listing = { readonly entries: readonly Entry[]; readonly isCut: boolean };
export type FileText = { readonly text: string; readonly isCut: boolean };

const mostEntries = 200;
const mostBytes = 64 * 1024;

export function listProject(root: string): Listing {
  const all = readdirSync(root, { withFileTypes: true });
  const entries = all.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })).sort(foldersFirst);
  return { entries: entries.slice(0, mostEntries), isCut: entries.length > mostEntries };
}

/** Null when it is no plain text file: missing, a link, a folder, a device, or binary. */
export function readText(root: string, name: string): FileText | null {
  const path = pathInside(root, name);
  if (path === null) return null;
  const bytes = readStart(path);
  if (bytes === null || bytes.includes(0)) return null;
  return { text: bytes.subarray(0, mostBytes).toString('utf8'), isCut: bytes.length > mostBytes };
}

/**
 * Writes only when the file still holds what the person was shown (null: it is not there); false when it does not.
 * Replacing instead of opening it means that no link planted meanwhile is followed.
 */
export function writeIfUnchanged(root: string, name: string, shown: string | null, text: string): boolean {
  const path = pathInside(root, name);
  if (path === null) return false;
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (shown === null ? isThere : readText(root, name)?.text !== shown) return false;
  writeFileWhole(path, text, 0o644);
  return true;
}

/** The absolute path, or null when it lies outside of the project, links resolved. */
export function pathInside(root: string, name: string): string | null {
  try {
    const realRoot = realpathSync(root);
    const path = join(realRoot, name);
    const inside = relative(realRoot, join(realpathSync(dirname(path)), basename(path)));
    return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : path;
  } catch {
    // The folder it would lie in does not exist.
    return null;
  }
}

function readStart(path: string): Buffer | null {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK a named pipe would hold us for ever.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(descriptor).isFile()) return null;
    const buffer = Buffer.alloc(mostBytes + 1);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    // Missing, a link or not readable for us: there is nothing to show.
    return null;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function foldersFirst(a: Entry, b: Entry): number {
  if (a.isFolder !== b.isFolder) return a.isFolder ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
