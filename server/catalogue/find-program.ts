/** Where a program is installed: on the PATH, or in a usual place. Nothing is run. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isWithin } from '../sandbox/resolved-path.ts';

export type Whereabouts = {
  readonly path: string;
  readonly homeDir: string;
  /** Folders that agents can write: nothing in them is run outside of a fence. */
  readonly written: readonly string[];
};

/** `onPath`: it is the one that its bare name starts. */
export type FoundProgram = { readonly file: string; readonly onPath: boolean; readonly isWritable: boolean };

/**
 * The first of the PATH that nobody but the person can write, then that of a usual place; one that agents can write is only
 * named. A relative folder of the PATH is none: it would be whatever folder one happens to be in.
 */
export function findProgram(program: string, places: readonly string[], at: Whereabouts): FoundProgram | null {
  const onPath = pathFolders(at.path).flatMap((folder) => programsIn(folder, program));
  const usual = places.flatMap((place) => programsIn(place.replace(/^~(?=\/)/, at.homeDir), program));
  const found = [...onPath, ...usual].map((file) => ({ file, onPath: file === onPath[0], isWritable: isWrittenProgram(file, at) }));
  return found.find(({ isWritable }) => !isWritable) ?? found[0] ?? null;
}

/** For a program that is run: what its own scripts call must not be what an agent put there either. */
export function safePath(at: Whereabouts): string {
  return pathFolders(at.path)
    .filter((folder) => !isWritten(folder, at))
    .join(delimiter);
}

function pathFolders(path: string): string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder));
}

function programsIn(folder: string, program: string): string[] {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return names.map((name) => join(folder, name)).filter(isProgram);
}

/** There, or where a link leads to. */
function isWrittenProgram(file: string, at: Whereabouts): boolean {
  return isWritten(dirname(file), at) || isWritten(dirname(realOf(file)), at);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not for us: either way it cannot be started.
    return false;
  }
}

function isWritten(folder: string, { written }: Whereabouts): boolean {
  return written.some((place) => isWithin(realOf(folder), realOf(place)));
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
