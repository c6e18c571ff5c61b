/** The folders of this machine, for the paths of `groups.json`. */
import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Ground } from './declared-groups.ts';

export function systemGround(): Ground {
  return { home: homedir(), folder: existingFolder };
}

function existingFolder(path: string): string | null {
  try {
    const resolved = realpathSync(path);
    return statSync(resolved).isDirectory() ? resolved : null;
  } catch {
    return null;
  }
}
