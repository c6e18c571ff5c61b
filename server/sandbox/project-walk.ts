/**
 * Finds in a project what no mount can guard, because an agent may make it anywhere and has to be able to: repositories
 * inside of it, whose configuration git of the host obeys, and folders of programs that are put together by an install.
 */
import { type Dirent, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

export type ProjectPlaces = {
  /** Every `.git` below the project's own. */
  readonly repositories: readonly string[];
  /** `node_modules/.bin`, and the programs of Python environments. */
  readonly programs: readonly string[];
  /** False when there was more than could be looked at. */
  readonly isWhole: boolean;
  /** Epoch milliseconds: what has come to be since is later. */
  readonly takenAt: number;
};

export type WalkLimits = {
  readonly entries: number;
  /** Of one folder: a large one of data must not hide the others. */
  readonly folderEntries: number;
  readonly depth: number;
  readonly milliseconds: number;
};

type Folder = { readonly path: string; readonly depth: number };

export async function walkProject(projectDir: string, limits: WalkLimits, elapsed = () => performance.now()): Promise<ProjectPlaces> {
  const [repositories, programs]: [string[], string[]] = [[], []];
  const waiting: Folder[] = [{ path: projectDir, depth: 0 }];
  const takenAt = Date.now();
  const startedAt = elapsed();
  let seen = 0;
  let isWhole = true;
  for (const { path, depth } of waiting) {
    const entries = entriesOf(path, limits.folderEntries + 1);
    seen += entries.length;
    if (entries.length > limits.folderEntries) isWhole = false;
    if (seen > limits.entries || elapsed() - startedAt > limits.milliseconds) return { repositories, programs, isWhole: false, takenAt };
    if (depth > 0 && entries.some(({ name }) => name === '.git')) repositories.push(join(path, '.git'));
    programs.push(...programsIn(path, entries));
    if (depth < limits.depth) waiting.push(...entries.filter(isWalked).map(({ name }) => ({ path: join(path, name), depth: depth + 1 })));
    await nextTurn();
  }
  return { repositories, programs, isWhole, takenAt };
}

/** An environment is known by its file, and its programs are few: what starts it, and what runs in it. */
function programsIn(folder: string, entries: readonly Dirent[]): string[] {
  const has = (name: string) => entries.some((entry) => entry.name === name);
  return [
    ...(has('node_modules') ? [join(folder, 'node_modules', '.bin')] : []),
    ...(has('pyvenv.cfg') ? [join(folder, 'pyvenv.cfg'), join(folder, 'bin')] : []),
  ];
}

function isWalked(entry: Dirent): boolean {
  return entry.isDirectory() && entry.name !== '.git' && entry.name !== 'node_modules';
}

/** Not all of a folder that holds more than there is time for. */
function entriesOf(path: string, max: number): Dirent[] {
  const entries: Dirent[] = [];
  try {
    const folder = opendirSync(path);
    try {
      for (let entry = folder.readSync(); entry !== null && entries.length < max; entry = folder.readSync()) entries.push(entry);
    } finally {
      folder.closeSync();
    }
  } catch {
    // It went meanwhile, or is not ours to list.
  }
  return entries;
}
