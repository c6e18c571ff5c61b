/** Whether a file is where its path says: a link on the way, or in its place, could lead anywhere. */
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** `path` is absolute or from `folder`, whose own place is taken as it is. */
export function isRealPath(folder: string, path: string): boolean {
  try {
    const base = realpathSync(folder);
    const whole = resolve(base, path);
    return realPlace(whole) === whole;
  } catch {
    // What cannot be looked at is not known to be real.
    return false;
  }
}

/** Of what does not exist yet, that of the nearest folder which does, with the rest as it is named. */
function realPlace(path: string): string {
  if (exists(path)) return realpathSync(path);
  const parent = dirname(path);
  if (parent === path) return path;
  return resolve(realPlace(parent), path.slice(parent.length).replace(/^\//, ''));
}

/** A link that leads nowhere is there. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
