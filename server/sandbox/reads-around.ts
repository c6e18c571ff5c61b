/**
 * Landlock can only give, and what it gives holds for everything below. Where something below shall stay hidden, the
 * folder around it is given piece by piece. What comes to lie in such a folder later cannot be read.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from './resolved-path.ts';

export type Reads = {
  readonly read: readonly string[];
  /** Only their lists of names, and those of the folders below. */
  readonly list: readonly string[];
};

export function readsAround(folders: readonly string[], hidden: readonly string[]): Reads {
  const all = folders.map((folder) => pieces(folder, hidden));
  return { read: all.flatMap(({ read }) => read), list: all.flatMap(({ list }) => list) };
}

function pieces(folder: string, hidden: readonly string[]): Reads {
  const inside = hidden.filter((path) => isWithin(path, folder));
  if (inside.length === 0) return { read: [folder], list: [] };
  if (inside.includes(folder)) return { read: [], list: [] };
  const { read, list } = readsAround(
    namesIn(folder).map((name) => join(folder, name)),
    inside,
  );
  return { read, list: [folder, ...list] };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // What this user cannot list cannot be given either.
    return [];
  }
}
