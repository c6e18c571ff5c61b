/** What this machine has to build a fence with. */
import { accessSync, constants, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { knownLandlockAbi } from './landlock.ts';

export type SandboxHost = {
  readonly platform: NodeJS.Platform;
  /** Absolute path of bubblewrap, null when it is not installed. */
  readonly bwrap: string | null;
  /** The Node that runs the launcher, with its own arguments. */
  readonly node: readonly [string, ...string[]];
  /** The launcher's program. */
  readonly launcher: string;
  /** What that Node needs besides the program's own environment: ELECTRON_RUN_AS_NODE under Electron. */
  readonly nodeEnvironment: Readonly<Record<string, string>>;
  /** Nothing newer than this is used of Landlock, to see what an older kernel gives. */
  readonly maxLandlockAbi?: number;
};

/** Not by PATH, which may name folders that an agent can write. */
const bubblewrapPlaces = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap', '/run/current-system/sw/bin/bwrap'];

export function sandboxHost(): SandboxHost {
  return {
    platform: process.platform,
    bwrap: bubblewrapPlaces.find(isExecutable) ?? null,
    node: [realpathSync(process.execPath)],
    launcher: realpathSync(launcherProgram(import.meta.url)),
    nodeEnvironment: process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
  };
}

/** What the launcher needs to see to start: itself, its native part and Node. */
export function launcherPaths({ node: [node], launcher, nodeEnvironment }: SandboxHost): string[] {
  // Electron brings its parts in the folder that it lies in.
  const runtime = nodeEnvironment.ELECTRON_RUN_AS_NODE === undefined ? node : dirname(node);
  const folder = dirname(launcher);
  if (!launcher.endsWith('.ts')) return [runtime, launcher, join(folder, 'package.json'), join(folder, 'native', 'koffi')];
  const root = join(folder, '..', '..');
  return [runtime, join(root, 'package.json'), join(root, 'server'), join(root, 'node_modules', '@koromix')];
}

export function usedLandlockAbi({ maxLandlockAbi }: SandboxHost): number {
  return Math.min(maxLandlockAbi ?? knownLandlockAbi, knownLandlockAbi);
}

/** Beside the bundle when built, in this folder when run from sources. */
function launcherProgram(selfUrl: string): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? './launcher.ts' : './sandbox-launcher.js', selfUrl));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
