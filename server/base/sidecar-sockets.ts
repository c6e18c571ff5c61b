/** Where a sidecar listens for its agent's program and for a person's tools, and what is left there when it was killed. */
import { lstatSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { socketPath } from './data-paths.ts';

type Folders = { readonly dataDir: string; readonly agentDir: string; readonly privateDir: string };

/** Each in a folder that the other does not see: the agent's is what its program is given. */
export function sidecarSockets({ agentDir, privateDir }: Omit<Folders, 'dataDir'>) {
  return {
    agent: socketPath(join(agentDir, 'door', 'control.sock'), agentDir),
    person: socketPath(join(privateDir, 'tools.sock'), privateDir),
  };
}

/** Of a sidecar that has ended: its sockets, and the short folders that were made for them. Never throws. */
export function removeSidecarSockets(folders: Folders): void {
  if (process.platform === 'win32') return;
  for (const path of Object.values(sidecarSockets(folders))) {
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
      if (!path.startsWith(folders.dataDir)) rmdirSync(dirname(path));
    } catch {
      // Gone already, or something else lies there.
    }
  }
}
