/** Puts a file back as it was, and sets what is there now aside: it may be the person's own work of this very moment. */
import { chmodSync, copyFileSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { newId } from '../base/uuid.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import type { Found } from './place-scan.ts';

const asideBytes = 16 * 1024 * 1024;
const permissions = 0o777;

/** `path` is without links, as it was found; false when it could not be put back, and is left as it is. */
export function putBack(path: string, before: Found | null, asideDir: string): boolean {
  try {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!isWhereItWas(dirname(path)) || !canBePutBack(before) || (before === null && !isThere)) return false;
    setAside(path, asideDir);
    rmSync(path, { recursive: true, force: true });
    if (before !== null) restore(path, before);
    return true;
  } catch {
    // The disk is full, or the place is not ours to change: what is told then says that it was not put back.
    return false;
  }
}

/** A link on the way would have us write wherever it leads. What is missing of the way can be made again. */
function isWhereItWas(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found === undefined ? isWhereItWas(dirname(folder)) : found.isDirectory() && realpathSync(folder) === folder;
}

function canBePutBack(before: Found | null): boolean {
  return before?.kind !== 'other' && (before?.kind !== 'file' || before.bytes !== null);
}

function restore(path: string, before: Found): void {
  mkdirSync(dirname(path), { recursive: true });
  if (before.kind === 'folder') mkdirSync(path);
  if (before.kind === 'link') symlinkSync(before.target, path);
  if (before.kind !== 'file' || before.bytes === null) return;
  writeFileWhole(path, before.bytes, before.mode & permissions);
  chmodSync(path, before.mode & permissions);
}

function setAside(path: string, asideDir: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > asideBytes) return;
  mkdirSync(asideDir, { recursive: true, mode: 0o700 });
  copyFileSync(path, join(asideDir, `${newId()}-${basename(path).slice(0, 100)}`));
}
