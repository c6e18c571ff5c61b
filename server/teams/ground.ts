/** The folders of this machine, for the paths of `groups.json`. */
import { realpathSync, statSync } from 'node:fs';
import type { Ground } from './declared-groups.ts';

export function systemGround(home: string): Ground {
  return { home, folder: existingFolder };
}

function existingFolder(path: string): string | null {
  try {
    const resolved = realpathSync(path);
    return statSync(resolved).isDirectory() ? resolved : null;
  } catch {
    return null;
  }
}
