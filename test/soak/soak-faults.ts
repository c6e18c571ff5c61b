/** What strikes during a soak, one after the other. Each returns when it is over; what ends by itself is waited for elsewhere. */
import { connect } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dataPaths } from '../../server/base/data-paths.ts';
import { delay } from '../../server/base/delay.ts';
import type { Random } from '../faults/random.ts';
import type { SoakWorld } from './soak-world.ts';

export type SoakFault = {
  readonly name: string;
  /** The backend's life ends by it, so it is left out when one long life is wanted. */
  readonly endsBackend?: true;
  readonly strike: (world: SoakWorld, random: Random) => Promise<void>;
};

/** Shorter than the 10 s after which whoever connects takes a backend that answers nothing for hung, and ends it. */
const stoppedMs = 4_000;
const heldMs = 20_000;
const junkBytes = 4_096;

export const soakFaults: readonly SoakFault[] = [
  { name: 'backend killed', endsBackend: true, strike: async ({ backend }) => signal(backend.pid, 'SIGKILL') },
  { name: 'sidecar killed', strike: async (world, random) => signal((await someRuntime(world, random))?.sidecarPid, 'SIGKILL') },
  { name: 'reader held open', strike: ({ dataDir }) => holdReaders(dataDir) },
  { name: 'program killed', strike: async (world, random) => signal((await someRuntime(world, random))?.programPid, 'SIGKILL') },
  { name: 'backend stopped for 4 s', strike: async ({ backend }) => stopFor(backend.pid, stoppedMs) },
  { name: 'client that never reads', strike: ({ dataDir }) => attachDeaf(dataDir) },
  {
    name: 'backend restarted',
    endsBackend: true,
    strike: async ({ backend }) => void (await backend.call('backend/stop', {}).catch(() => undefined)),
  },
  { name: 'sidecar stopped for 4 s', strike: async (world, random) => stopFor((await someRuntime(world, random))?.sidecarPid, stoppedMs) },
  { name: 'junk on the socket', strike: ({ dataDir }, random) => sendJunk(dataDir, random) },
  { name: 'agent restarted', strike: restartAgent },
  { name: 'agent interrupted', strike: interruptAgent },
];

async function someRuntime(world: SoakWorld, random: Random) {
  const runtimes = (await world.agents()).flatMap(({ runtime }) => runtime ?? []);
  return runtimes.length === 0 ? undefined : random.pick(runtimes);
}

async function restartAgent(world: SoakWorld, random: Random): Promise<void> {
  const agents = await world.agents();
  if (agents.length > 0) await world.backend.call('agent/restart', { agent: random.pick(agents).id }).catch(() => undefined);
}

async function interruptAgent(world: SoakWorld, random: Random): Promise<void> {
  const agents = await world.agents();
  if (agents.length > 0) await world.backend.call('agent/interrupt', { agent: random.pick(agents).id }).catch(() => undefined);
}

/** A reader whose view lasts keeps the write-ahead log from starting anew. */
async function holdReaders(dataDir: string): Promise<void> {
  const readers = ['sessions.db', 'btmsg.db'].map((name) => new Database(join(dataDir, name), { readonly: true }));
  for (const reader of readers) {
    reader.exec('begin');
    reader.prepare('select count(*) from sqlite_schema').get();
  }
  await delay(heldMs);
  for (const reader of readers) reader.close();
}

/** Connects, says nothing and reads nothing. */
async function attachDeaf(dataDir: string): Promise<void> {
  const socket = connect(dataPaths(dataDir).socket);
  socket.on('error', ignore);
  socket.pause();
  await delay(heldMs);
  socket.destroy();
}

async function sendJunk(dataDir: string, random: Random): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    const socket = connect(dataPaths(dataDir).socket);
    socket.on('error', ignore).resume();
    socket.end(random.bytes(junkBytes));
    await delay(200);
    socket.destroy();
  }
}

async function stopFor(pid: number | undefined, ms: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  await delay(ms);
  signal(pid, 'SIGCONT');
}

function signal(pid: number | null | undefined, name: NodeJS.Signals): void {
  try {
    if (pid) process.kill(pid, name);
  } catch {
    // It ended by itself between the look and the signal.
  }
}

/** The other end hangs up, which is what is provoked. */
function ignore(): void {}
