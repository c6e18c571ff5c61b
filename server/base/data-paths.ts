/** Where things are in a data directory. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type DataPaths = ReturnType<typeof dataPaths>;

export function dataPaths(dataDir: string) {
  const run = join(dataDir, 'run');
  return {
    dataDir,
    run,
    ownerLock: join(run, 'owner.lock'),
    ownerRecord: join(run, 'owner.json'),
    token: join(run, 'token'),
    socket: socketPath(join(run, 'backend.sock'), dataDir),
    runRecords: join(run, 'agents'),
    sessionsDb: join(dataDir, 'sessions.db'),
    btmsgDb: join(dataDir, 'btmsg.db'),
    logs: join(dataDir, 'logs'),
    backups: join(dataDir, 'backups'),
    runtime: join(dataDir, 'runtime'),
    bin: join(dataDir, 'bin'),
    agents: join(dataDir, 'agents'),
  };
}

/** A socket's path may have 104 bytes on macOS and 108 on Linux, the ending zero included. */
const maxSocketPathBytes = 103;

/** A long data directory gets a short folder that its hash names; `run/owner.json` says which it is. */
function socketPath(preferred: string, dataDir: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\agor-${shortHash(dataDir)}`;
  if (Buffer.byteLength(preferred) <= maxSocketPathBytes) return preferred;
  return join(process.env.XDG_RUNTIME_DIR || tmpdir(), `agor-${shortHash(dataDir)}`, 'backend.sock');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
