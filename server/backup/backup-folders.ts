/** The backups on the disk: each a folder with a manifest, that has its name only once it is whole. */
import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Backup, BackupManifest, type BackupReason, backupIdForm, type UnusableBackup } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';

export type BackupSet = { readonly backups: Backup[]; readonly unusable: UnusableBackup[] };

export const manifestName = 'manifest.json';
/** One of a hundred tables and flaws has some kilobytes. */
const mostManifestBytes = 1024 * 1024;

/** Sorts by time; two of one millisecond, which a clock that was set back can bring, get times of their own. */
export function freeId(folder: string, madeAt: number, reason: BackupReason): string {
  const id = `${new Date(madeAt).toISOString().replaceAll(/[:.]/g, '-')}-${reason}`;
  return existsSync(join(folder, id)) ? freeId(folder, madeAt + 1, reason) : id;
}

/** Where one is made. Another data directory may keep its backups in the same folder. */
export function makingPath(folder: string, id: string, dataDir: string): string {
  return join(folder, `${unfinishedPrefix(dataDir)}${id}`);
}

/** What a killed backend left: nobody else makes backups of this data directory. */
export async function clearUnfinished(folder: string, dataDir: string): Promise<void> {
  const names = (await namesIn(folder)).filter((name) => name.startsWith(unfinishedPrefix(dataDir)));
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Of this data directory, newest first. */
export async function readBackups(folders: readonly string[], dataDir: string): Promise<BackupSet> {
  const set: BackupSet = { backups: [], unusable: [] };
  for (const folder of new Set(folders)) {
    for (const name of (await namesIn(folder)).filter((name) => backupIdForm.test(name))) {
      const backup = await readBackup(join(folder, name)).catch((error: unknown) => asUnusable(name, error));
      if ('problem' in backup) set.unusable.push(backup);
      else if (backup.dataDir === dataDir) set.backups.push(backup);
    }
  }
  set.backups.sort((left, right) => right.madeAt - left.madeAt || right.id.localeCompare(left.id));
  return set;
}

/** Throws `storage` when it has no manifest, or its files are not there in their size. */
export async function readBackup(path: string): Promise<Backup> {
  const manifest = await readManifest(path);
  const sizes = await Promise.all(manifest.files.map(({ name }) => sizeOf(join(path, name))));
  const wrong = manifest.files.find(({ bytes }, index) => sizes[index] !== bytes);
  if (wrong)
    throw new AgorError('storage', `The backup ${path} is damaged: ${wrong.name} is not there in its whole size. Use another one.`);
  return { ...manifest, path, bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The newest good one without a reference. Throws `notFound` or `ambiguous`. */
export async function findBackup(set: BackupSet, reference: string | undefined): Promise<Backup> {
  if (reference === undefined) {
    const newest = set.backups.find(({ flaws }) => flaws.length === 0) ?? set.backups[0];
    if (!newest) throw new AgorError('notFound', 'There is no backup yet. Make one with "agor backup create".');
    return newest;
  }
  if (isAbsolute(reference)) return readBackup(reference);
  const matches = set.backups.filter(({ id }) => id.startsWith(reference));
  const [match] = matches;
  if (matches.length > 1)
    throw new AgorError('ambiguous', `"${reference}" fits ${matches.length} backups: ${matches.map(({ id }) => id).join(', ')}.`);
  if (match) return match;
  const broken = set.unusable.find(({ name }) => name.startsWith(reference));
  if (broken) throw new AgorError('storage', broken.problem);
  throw new AgorError('notFound', `There is no backup "${reference}". "agor backup list" shows those there are.`);
}

/** Under another name first, so that half of one is never taken for a backup. */
export async function removeBackup({ path, dataDir }: Pick<Backup, 'path' | 'dataDir'>): Promise<void> {
  const leaving = join(dirname(path), `${unfinishedPrefix(dataDir)}${basename(path)}`);
  await rename(path, leaving);
  await rm(leaving, { recursive: true, force: true });
}

async function readManifest(path: string): Promise<BackupManifest> {
  const text = await textOf(join(path, manifestName)).catch(() => undefined);
  const read = text === undefined ? undefined : BackupManifest.safeParse(jsonOf(text));
  if (read?.success) return read.data;
  throw new AgorError('storage', `${path} is no backup that this version can read: its ${manifestName} is missing or of another form.`);
}

/** Undefined for what is no file of a manifest's size: a pipe in its place would keep its reader waiting for ever. */
async function textOf(path: string): Promise<string | undefined> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  return stats.isFile() && stats.size <= mostManifestBytes ? file.readFile('utf8') : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off or damaged: the schema refuses it.
    return undefined;
  }
}

function asUnusable(name: string, error: unknown): UnusableBackup {
  return { name, problem: error instanceof Error ? error.message : String(error) };
}

async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : -1;
}

/** A folder that is not there, or that cannot be listed, has none. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function unfinishedPrefix(dataDir: string): string {
  return `.unfinished-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}-`;
}
