/** How a window or a command reaches the backend: attach to the one that runs, else start it and attach. */
import { mkdirSync, readFileSync } from 'node:fs';
import { connect as openSocket, type Socket } from 'node:net';
import { readBuildInfo } from '../base/build-info.ts';
import { type DataPaths, dataPaths } from '../base/data-paths.ts';
import { delay } from '../base/delay.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { NoLineInTime } from '../base/read-line.ts';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import { type ClientHello, handshakeTimeoutMs } from '../protocol/handshake.ts';
import type { BuildInfo } from '../protocol/health.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import { greet } from './handshake.ts';
import { startBackend } from './start-backend.ts';
import { Upgrade } from './upgrade.ts';

export type ConnectOptions = {
  readonly dataDir: string;
  readonly role: ClientHello['role'];
  /** Folder with the built programs, or `server/` when run from sources. */
  readonly distDir: string;
  /** Gives up and destroys what was opened. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
  /** One sentence, told once: this build may not take over, and another one goes on. */
  readonly onRefused?: (sentence: string) => void;
  /** Of a backend that has to be started; the caller's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** `attach`: only looks at what runs, and neither starts nor ends anything; `unavailable` when nothing answers. */
  readonly wish?: 'attach';
};

const connectTimeoutMs = 20_000;
const pollMs = 5;
/** The build that failed starts once more to go back; where it cannot become the one before by itself, that one is started. */
const maxGoingBack = 2;

/**
 * Resolves with a socket ready for JSON-RPC, paused: call `resume` once a reader listens. Rejects with `outdated` (this caller is older than the backend),
 * `unauthorized`, `storage` (the data directory cannot be used), `unavailable` or `cancelled`.
 */
export async function connectToBackend(options: ConnectOptions): Promise<Socket> {
  const paths = dataPaths(options.dataDir);
  prepareFolders(paths);
  const attempt = new Attempt(paths, options);
  while (attempt.isWorthWhile() && !options.signal?.aborted) {
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
  readonly #build: BuildInfo;
  readonly #upgrade: Upgrade;
  #deadline = Date.now() + connectTimeoutMs;
  #starting = false;
  #hung = new AbortController();
  #starts = 0;
  #failure: AgorError | undefined;
  #refusals = 0;

  constructor(paths: DataPaths, options: ConnectOptions) {
    this.#paths = paths;
    this.#options = options;
    const { distDir, onProgress = () => {}, onRefused = () => {} } = options;
    this.#build = readBuildInfo(distDir);
    this.#upgrade = new Upgrade({ paths, distDir, own: this.#build, onProgress, onRefused });
  }

  /** Waiting for a new build that is still on its way up does not count. */
  isWorthWhile(): boolean {
    if (this.#options.wish !== 'attach' && this.#upgrade.isUnderWay(Date.now())) this.#deadline = Date.now() + connectTimeoutMs;
    return Date.now() < this.#deadline || this.#droppedHung();
  }

  async once(): Promise<Socket | undefined> {
    if (this.#failure) throw this.#failure;
    const owner = readOwner(this.#paths);
    const socket = owner && (await open(owner.socketPath, this.#options.signal));
    if (this.#options.wish === 'attach' && (!owner || !socket || socket === 'hangs')) throw noAnswer(owner);
    if (owner && socket === 'hangs') return endHungOwner(owner);
    if (!owner || !socket || socket === 'hangs') {
      this.#start();
      return undefined;
    }
    if (this.#options.wish !== 'attach' && this.#upgrade.mustTryOut(owner.build)) {
      socket.destroy();
      return this.#tryOut(owner.build);
    }
    const giveUp = () => socket.destroy();
    this.#options.signal?.addEventListener('abort', giveUp, { once: true });
    const greeted = await this.#greet(socket, owner);
    this.#options.signal?.removeEventListener('abort', giveUp);
    return this.#options.signal?.aborted ? undefined : greeted;
  }

  async #greet(socket: Socket, owner: OwnerRecord): Promise<Socket | undefined> {
    const how = this.#upgrade.meet(owner.build);
    if (how.kind === 'refuse') {
      socket.destroy();
      throw new AgorError('outdated', how.why);
    }
    // Also where the record still names another owner than the one that listens by now.
    const stays = this.#upgrade.isRefused || this.#options.wish === 'attach' ? { stays: true } : {};
    const hello = { role: this.#options.role, token: readToken(this.#paths), build: this.#build, ...stays };
    const reply = await greet(socket, hello).catch((error: unknown) => (hangs(error) ? 'hangs' : undefined));
    if (this.#options.wish === 'attach' && (!reply || reply === 'hangs')) throw noAnswer(owner);
    if (reply === 'hangs') return endHungOwner(owner);
    // A backend that just ends closes the connection: the next look finds its successor, or starts it.
    if (!reply) return undefined;
    if (reply.ok) {
      this.#upgrade.repairRuntime(owner.build);
      return socket;
    }
    socket.destroy();
    // The backend may have changed between reading its token and greeting it: one more look decides.
    if (reply.handingOver || (reply.code === 'unauthorized' && this.#refusals++ < 2)) return undefined;
    throw new AgorError(reply.code, reply.message);
  }

  /** The backend goes on meanwhile, and is not asked for anything. */
  async #tryOut(owner: BuildInfo): Promise<undefined> {
    await this.#upgrade.tryOut(owner);
    this.#deadline = Date.now() + connectTimeoutMs;
  }

  /** A new build that does not come up at all is ended, and another one is started in its place. */
  #droppedHung(): boolean {
    if (!this.#starting || !this.#upgrade.refuseHung(`it did not come up within ${connectTimeoutMs / 1000} s`)) return false;
    this.#deadline = Date.now() + connectTimeoutMs;
    this.#hung.abort();
    this.#hung = new AbortController();
    return true;
  }

  #start(): void {
    if (this.#starting) return;
    this.#starting = true;
    this.#options.onProgress?.('Starting the backend');
    void this.#startOne().then((failure) => {
      this.#starting = false;
      this.#failure = failure;
    });
  }

  /** Never rejects: resolves with why it could not be started, or with nothing when another one is there. */
  async #startOne(): Promise<AgorError | undefined> {
    try {
      const failure = await startBackend(await this.#upgrade.choose(), this.#paths, { env: this.#options.env, signal: this.#hung.signal });
      this.#starts += 1;
      // A build that fails on trial is followed by its own next start, which goes back; once.
      if (failure && this.#starts <= maxGoingBack && this.#upgrade.mayGoBack()) return await this.#startOne();
      return failure;
    } catch (cause) {
      const error = asStorageError(cause, this.#paths.dataDir);
      return error instanceof AgorError
        ? error
        : new AgorError('unavailable', `The backend could not be started: ${String(cause)}`, { cause });
    }
  }
}

function noAnswer(owner: OwnerRecord | undefined): AgorError {
  const who = owner ? `The backend (pid ${owner.pid})` : 'The backend';
  return new AgorError('unavailable', `${who} does not answer within ${handshakeTimeoutMs / 1000} s.`);
}

function hangs(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof NoLineInTime;
}

/** It holds the lock and answers nothing: connecting to a stopped process succeeds, so only ending it helps. */
function endHungOwner(owner: OwnerRecord): undefined {
  try {
    if (owner.pid !== process.pid && isSameProcess(owner)) process.kill(owner.pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
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

/** Even connecting can hang, when a stopped backend's queue is full; undefined when nobody listens there. */
function open(path: string, signal: AbortSignal | undefined): Promise<Socket | 'hangs' | undefined> {
  return new Promise((resolve) => {
    const socket = openSocket(path);
    const settle = (result: Socket | 'hangs' | undefined) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (result !== socket) socket.destroy();
      resolve(result);
    };
    const onAbort = () => settle(undefined);
    const timer = setTimeout(() => settle('hangs'), handshakeTimeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    // Stays for the socket's life: a later ECONNRESET is normal, and whoever holds the socket sees it close.
    socket.on('error', () => settle(undefined));
    socket.once('connect', () => settle(socket));
  });
}
