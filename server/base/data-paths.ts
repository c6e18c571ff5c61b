/** Where things are in a data directory. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export type DataPaths = ReturnType<typeof dataPaths>;

export function dataPaths(dataDir: string) {
  const run = join(dataDir, 'run');
  return {
    dataDir,
    run,
    ownerLock: join(run, 'owner.lock'),
    ownerRecord: join(run, 'owner.json'),
    token: join(run, 'token'),
    health: join(run, 'health.json'),
    socket: socketPath(join(run, 'backend.sock'), dataDir),
    runRecords: join(run, 'agents'),
    sessionsDb: join(dataDir, 'sessions.db'),
    btmsgDb: join(dataDir, 'btmsg.db'),
    searchDb: join(dataDir, 'search.db'),
    orderKey: join(dataDir, 'orders.key'),
    deployMarker: join(dataDir, 'deploy.json'),
    upgradeRecord: join(dataDir, 'upgrade.json'),
    logs: join(dataDir, 'logs'),
    backups: join(dataDir, 'backups'),
    quarantine: join(dataDir, 'quarantine'),
    runtime: join(dataDir, 'runtime'),
    bin: join(dataDir, 'bin'),
    agents: join(dataDir, 'agents'),
    imports: join(dataDir, 'imports'),
    archive: join(dataDir, 'archive'),
    transcriptArchive: join(dataDir, 'archive', 'transcripts'),
    bundles: join(dataDir, 'worktrees'),
    reports: join(dataDir, 'reports'),
  };
}

/** A socket's path may have 104 bytes on macOS and 108 on Linux, the ending zero included. */
const maxSocketPathBytes = 103;

/** A path that is too long gets a short folder, named by the hash of whose it is; whoever listens there tells where. */
export function socketPath(preferred: string, owner: string, platform: NodeJS.Platform = process.platform): string {
  // Pipes have a place of their own there, whose names know no folders and no case.
  if (platform === 'win32') return `\\\\.\\pipe\\agor-${shortHash(owner.toLowerCase())}`;
  if (Buffer.byteLength(preferred) <= maxSocketPathBytes) return preferred;
  return join(process.env.XDG_RUNTIME_DIR || tmpdir(), `agor-${shortHash(owner)}`, basename(preferred));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
