/** How a window or a command reaches the backend: attach to the one that runs, else start it and attach. */
import { mkdirSync, readFileSync } from 'node:fs';
import { connect as openSocket, type Socket } from 'node:net';
import { readBuildInfo } from '../base/build-info.ts';
import { type DataPaths, dataPaths } from '../base/data-paths.ts';
import { delay } from '../base/delay.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ClientHello } from '../protocol/handshake.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import { greet } from './handshake.ts';
import { ensureRuntime } from './runtime.ts';
import { startBackend } from './start-backend.ts';

export type ConnectOptions = {
  readonly dataDir: string;
  readonly role: ClientHello['role'];
  /** Folder with the built programs, or `server/` when run from sources. */
  readonly distDir: string;
  /** Gives up and destroys what was opened. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
};

const connectTimeoutMs = 20_000;
const pollMs = 20;

/**
 * Resolves with a socket ready for JSON-RPC, paused: call `resume` once a reader listens. Rejects with `outdated` (this caller is older than the backend),
 * `unauthorized`, `storage` (the data directory cannot be used), `unavailable` or `cancelled`.
 */
export async function connectToBackend(options: ConnectOptions): Promise<Socket> {
  const paths = dataPaths(options.dataDir);
  prepareFolders(paths);
  const attempt = new Attempt(paths, options);
  const deadline = Date.now() + connectTimeoutMs;
  while (Date.now() < deadline && !options.signal?.aborted) {
    const socket = await attempt.once();
    if (socket) return socket;
    await delay(pollMs, options.signal);
  }
  if (options.signal?.aborted) throw new AgorError('cancelled', 'Connecting to the backend was given up.');
  throw new AgorError('unavailable', `The backend did not come up within ${connectTimeoutMs / 1000} s. Its log is in ${paths.logs}.`);
}

function prepareFolders(paths: DataPaths): void {
  try {
    for (const folder of [paths.dataDir, paths.run, paths.logs, paths.runtime]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgorError(
      'storage',
      `The data directory ${paths.dataDir} cannot be used: ${why}. Choose another with AGOR_DATA_DIR or the setting agor.dataDir.`,
      { cause },
    );
  }
}

/** What is remembered between the tries of one `connectToBackend`. */
class Attempt {
  readonly #paths: DataPaths;
  readonly #options: ConnectOptions;
  #starting = false;
  #failure: AgorError | undefined;
  #refusals = 0;

  constructor(paths: DataPaths, options: ConnectOptions) {
    this.#paths = paths;
    this.#options = options;
  }

  async once(): Promise<Socket | undefined> {
    if (this.#failure) throw this.#failure;
    const owner = readOwner(this.#paths);
    const socket = owner && (await open(owner.socketPath));
    if (!owner || !socket) {
      this.#start();
      return undefined;
    }
    return this.#greet(socket, owner);
  }

  async #greet(socket: Socket, owner: OwnerRecord): Promise<Socket | undefined> {
    const hello = { role: this.#options.role, token: readToken(this.#paths), build: readBuildInfo(this.#options.distDir) };
    const reply = await greet(socket, hello).catch(() => undefined);
    if (reply?.ok) return socket;
    socket.destroy();
    if (!reply) return endHungOwner(owner);
    // The backend may have changed between reading its token and greeting it: one more look decides.
    if (reply.handingOver || (reply.code === 'unauthorized' && this.#refusals++ < 2)) return undefined;
    throw new AgorError(reply.code, reply.message);
  }

  #start(): void {
    if (this.#starting) return;
    this.#starting = true;
    this.#options.onProgress?.('Starting the backend');
    const runtime = ensureRuntime(this.#options.distDir, this.#paths);
    void startBackend(runtime, this.#paths).then((failure) => {
      this.#starting = false;
      this.#failure = failure;
    });
  }
}

/** It holds the lock and answers nothing: connecting to a stopped process succeeds, so only ending it helps. */
function endHungOwner(owner: OwnerRecord): undefined {
  if (owner.pid !== process.pid && isSameProcess(owner)) process.kill(owner.pid, 'SIGKILL');
  return undefined;
}

function readOwner(paths: DataPaths): OwnerRecord | undefined {
  try {
    return OwnerRecord.parse(JSON.parse(readFileSync(paths.ownerRecord, 'utf8')));
  } catch {
    // None yet, or of another version: starting one decides.
    return undefined;
  }
}

function readToken(paths: DataPaths): string {
  try {
    return readFileSync(paths.token, 'utf8').trim();
  } catch {
    // The backend answers an empty token with `unauthorized`.
    return '';
  }
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = openSocket(path);
    const onError = () => resolve(undefined);
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      // A later ECONNRESET is normal here; whoever holds the socket sees it close.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
