/**
 * Puts databases that lie ready in the place of those that are there, by renames alone, so that a crash at any point leaves
 * the old ones or the new ones: the list that is written last says that they lie ready, and whoever starts next goes on.
 * The caller owns the data directory and has nothing open.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import * as z from 'zod/mini';
import { syncFolder } from '../base/sync-folder.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import { databaseFiles } from './quarantine.ts';

const name = z.string().check(z.regex(/^[a-z]+\.db[.a-z-]*$/));
const Ready = z.object({
  databases: z.array(name),
  /** All that lies ready: what of it is missing has its place already. */
  files: z.array(name),
  /** The folder that what was there goes to, from the data directory on: that may have been moved meanwhile. */
  keptIn: z.string().check(z.regex(/^[\w-]+\/[\w-]+$/)),
  /** It is the same data in other files, so what counts its changes goes on. */
  isSame: z.optional(z.boolean()),
});
type Ready = z.infer<typeof Ready>;

const readyName = 'ready.json';

/** Where the databases lie until they are put in place; a data directory of its own. */
export function restoringPath(dataDir: string): string {
  return join(dataDir, 'restoring');
}

/** Where the old databases go. `isSame`: the new ones hold the same data. */
export type Kept = { readonly keptIn: string; readonly isSame?: boolean };

/** From here on the restore will be done, whatever happens. What lies there is closed, and on the disk. */
export function declareReady(dataDir: string, databases: readonly string[], { keptIn, isSame }: Kept): void {
  const staged = restoringPath(dataDir);
  const files = readdirSync(staged).filter((entry) => databases.some((database) => belongsTo(entry, database)));
  syncFolder(staged);
  const ready: Ready = { databases: [...databases], files, keptIn: relative(dataDir, keptIn), ...(isSame && { isSame }) };
  writeFileWhole(join(staged, readyName), JSON.stringify(ready));
  syncFolder(staged);
}

/** Ends a restore that is ready, and takes back one that is not. Returns where the old databases are; undefined when none was replaced. */
export function finishRestore(dataDir: string, searchDb: string): string | undefined {
  if (!existsSync(restoringPath(dataDir))) return undefined;
  const ready = readReady(dataDir);
  const keptIn = ready && join(dataDir, ready.keptIn);
  if (ready && keptIn) {
    mkdirSync(keptIn, { recursive: true, mode: 0o700 });
    for (const database of ready.databases) exchange(dataDir, database, { files: ready.files, keptIn });
    syncFolder(keptIn);
    // The search index counts the changes of what was there before; the next backend makes it anew.
    if (!ready.isSame) for (const file of databaseFiles(searchDb)) if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file);
    syncFolder(dataDir);
  }
  giveUpRestore(dataDir);
  return keptIn;
}

/** The list goes first: what is half removed must not be taken for ready. */
export function giveUpRestore(dataDir: string): void {
  rmSync(join(restoringPath(dataDir), readyName), { force: true });
  rmSync(restoringPath(dataDir), { recursive: true, force: true });
}

/** The same for who serves others meanwhile. */
export async function takeBackRestore(dataDir: string): Promise<void> {
  await rm(join(restoringPath(dataDir), readyName), { force: true });
  await rm(restoringPath(dataDir), { recursive: true, force: true });
}

/** The database itself goes last: as long as it lies ready, what belongs to the old one may still be there. */
function exchange(dataDir: string, database: string, { files, keptIn }: Omit<Ready, 'databases'>): void {
  const staged = restoringPath(dataDir);
  if (!existsSync(join(staged, database))) return;
  for (const place of databaseFiles(join(dataDir, database)).reverse()) {
    const fresh = join(staged, basename(place));
    const isPlaced = files.includes(basename(place)) && !existsSync(fresh);
    if (isPlaced) continue;
    if (existsSync(place)) renameSync(place, join(keptIn, basename(place)));
    if (existsSync(fresh)) renameSync(fresh, place);
  }
}

function belongsTo(entry: string, database: string): boolean {
  return databaseFiles(database).includes(entry);
}

function readReady(dataDir: string): Ready | undefined {
  const path = join(restoringPath(dataDir), readyName);
  if (!existsSync(path)) return undefined;
  const read = Ready.safeParse(parsed(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new AgorError(
    'storage',
    `A restore was begun, and ${path} cannot be read, so nobody knows how far it came. Look into that folder and into the quarantine before you remove it.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it, in words.
    return undefined;
  }
}
