/** Lists what is ours in a data directory, with what each file is like. Nothing of what agents can write is looked into. */
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

export type FileFact = {
  readonly path: string;
  /** From the data directory; empty for itself. */
  readonly place: string;
  readonly kind: 'file' | 'folder' | 'socket' | 'link' | 'other';
  /** The permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly changedAt: number;
  readonly bytes: number;
};

/** Programs, which are no secret; what agents write; and folders that are gone through by whoever made them. */
const notEntered = /^(?:runtime\/[^/]+|bin|scratch\/[^/]+|agents\/[^/]+\/agent|agents\/[^/]+\/private\/[^/]+|worktrees\/[^/]+)$/;
const deepest = 4;
/** As many as can be judged at once without anybody noticing; a directory that is well has a few hundred. */
const mostFiles = 10_000;

/** What went away meanwhile is left out. */
export async function privateFiles(dataDir: string): Promise<FileFact[]> {
  const found: FileFact[] = [];
  const waiting = [dataDir];
  for (let path = waiting.pop(); path !== undefined && found.length < mostFiles; path = waiting.pop()) {
    const fact = await factOf(path, dataDir);
    if (!fact) continue;
    found.push(fact);
    if (isEntered(fact)) waiting.push(...(await namesIn(path)).map((name) => join(path, name)));
  }
  return found;
}

/** What trials of fences made for themselves beside all data directories; ours, and by a name that nobody else's has. */
const ofTrials = /^agor-(?:fence|canary)-/;

/** Also of data directories that are gone. */
export async function trialFolders(temporary: string): Promise<FileFact[]> {
  const names = (await namesIn(temporary)).filter((name) => ofTrials.test(name));
  const found = await Promise.all(names.map((name) => factOf(join(temporary, name), temporary)));
  return found.filter((fact) => fact !== undefined);
}

function isEntered({ kind, place }: FileFact): boolean {
  return kind === 'folder' && !notEntered.test(place) && place.split('/').length < deepest;
}

async function factOf(path: string, dataDir: string): Promise<FileFact | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  const { mode, uid, mtimeMs: changedAt, size: bytes } = stats;
  return { path, place: relative(dataDir, path), kind: kindOf(stats), mode: mode & 0o777, uid, changedAt, bytes };
}

function kindOf(stats: Stats): FileFact['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSocket()) return 'socket';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** Nothing where it cannot be read: that it cannot is told by its mode or owner. */
async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
