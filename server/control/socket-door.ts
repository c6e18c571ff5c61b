/** The backend's socket: accepts, lets each caller say who it is, and hands it to the door for its kind. */
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import * as z from 'zod/mini';
import { sameToken } from '../auth/token.ts';
import { isKeptToOwner } from '../base/own-folder.ts';
import { readLine } from '../base/read-line.ts';
import { AgorError, limits } from '../protocol/errors.ts';
import {
  type ClientHello,
  Hello,
  type HelloReply,
  handshakeTimeoutMs,
  type SidecarHello,
  sidecarWireVersion,
} from '../protocol/handshake.ts';
import { type BuildInfo, buildId, understandEachOther } from '../protocol/health.ts';

export type SocketDoorDeps = {
  readonly socketPath: string;
  readonly token: string;
  readonly build: BuildInfo;
  readonly openClient: (socket: Socket, hello: ClientHello) => void;
  /** Throws `unauthorized` for a run it does not know. Called after the good answer was written. */
  readonly openSidecar: (socket: Socket, hello: SidecarHello) => void;
  readonly checkSidecar: (hello: SidecarHello) => void;
  /** A newer build wants the data directory: this backend ends, its agents go on. */
  readonly handOver: (reason: string) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const goodbyeMs = 500;

export class SocketDoor {
  readonly #deps: SocketDoorDeps;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isEnding = false;

  constructor(deps: SocketDoorDeps) {
    this.#deps = deps;
    this.#server = createServer((socket) => void this.#accept(socket));
  }

  /** Only the owner of the data directory calls this, so a socket that lies there is a dead one's. */
  async listen(): Promise<void> {
    const { socketPath } = this.#deps;
    if (process.platform !== 'win32') {
      mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
      requireOwnFolder(dirname(socketPath));
      rmSync(socketPath, { force: true });
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      // The socket is made before `listen` returns: nobody else's file is made under this mask.
      const umask = process.umask(0o177);
      this.#server.listen(socketPath, resolve);
      process.umask(umask);
    });
    if (process.platform !== 'win32') chmodSync(socketPath, 0o600);
  }

  /** Who comes now would only be cut off in a moment: it finds the next backend. */
  takeNobodyIn(): void {
    this.#isEnding = true;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // What was written still goes out; who does not hang up then is cut off.
    for (const socket of this.#sockets) socket.end();
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, goodbyeMs);
    await closed;
    clearTimeout(cut);
  }

  async #accept(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => this.#sockets.delete(socket));
    // ECONNRESET and EPIPE are how callers that were killed say goodbye.
    socket.on('error', () => {});
    try {
      await this.#welcome(socket, await readHello(socket));
    } catch (error) {
      this.#refuse(socket, error);
    }
  }

  async #welcome(socket: Socket, hello: Hello): Promise<void> {
    if (this.#isEnding) return void socket.destroy();
    if (hello.role === 'sidecar') this.#checkSidecar(hello);
    else this.#checkClient(hello);
    answer(socket, { ok: true, pid: process.pid, build: this.#deps.build });
    if (hello.role === 'sidecar') this.#deps.openSidecar(socket, hello);
    else this.#deps.openClient(socket, hello);
    socket.resume();
  }

  #checkSidecar(hello: SidecarHello): void {
    if (hello.wireVersion > sidecarWireVersion || hello.wireVersion < sidecarWireVersion - 1) {
      throw new AgorError('outdated', `The sidecar speaks version ${hello.wireVersion} of the wire, this backend ${sidecarWireVersion}.`);
    }
    this.#deps.checkSidecar(hello);
  }

  #checkClient(hello: ClientHello): void {
    if (!sameToken(hello.token, this.#deps.token)) {
      throw new AgorError('unauthorized', 'The token is wrong. It is in run/token of the data directory, and only its owner may read it.');
    }
    const { build } = this.#deps;
    if (buildId(hello.build) === buildId(build)) return;
    if (hello.build.buildTime > build.buildTime && !hello.stays) throw new HandOver();
    if (!understandEachOther(hello.build, build)) throw new AgorError('outdated', otherBuild(hello, build));
  }

  #refuse(socket: Socket, error: unknown): void {
    const handingOver = error instanceof HandOver;
    const { code, message } =
      error instanceof AgorError
        ? error
        : new AgorError('badRequest', 'The first line must be a handshake as JSON with a role and a token.');
    this.#deps.log('caller refused', { code, reason: message, handingOver });
    answer(socket, { ok: false, code, message, handingOver });
    // The caller has 10 s to hang up by itself; the answer may still be on its way.
    socket.end();
    setTimeout(() => socket.destroy(), handshakeTimeoutMs).unref();
    if (!handingOver) return;
    this.takeNobodyIn();
    this.#deps.handOver('a newer build takes over');
  }
}

/** `run/` lies in the data directory. The short folder for long paths lies where everybody may write: it could be someone else's. */
function requireOwnFolder(folder: string): void {
  if (basename(folder) === 'run') return;
  if (isKeptToOwner(lstatSync(folder), process.getuid?.())) return;
  throw new AgorError(
    'storage',
    `The folder ${folder} for the backend's socket belongs to someone else, or others may write in it. Remove it, or choose another data directory with AGOR_DATA_DIR.`,
  );
}

function otherBuild({ role, build: caller }: ClientHello, build: BuildInfo): string {
  const versions = `${caller.version} (${caller.gitSha.slice(0, 9)}), the backend ${build.version} (${build.gitSha.slice(0, 9)})`;
  if (caller.buildTime > build.buildTime) return `This caller is of version ${versions}: they do not understand each other.`;
  if (role === 'extension')
    return `This window runs an older version of Agent Orchestrator than the backend: it is ${versions}. Reload the window.`;
  return `This command is of an older build than the running backend: it is ${versions}. Use the one in bin/ of the data directory, or build again.`;
}

class HandOver extends AgorError {
  constructor() {
    super('outdated', 'This backend is older and ends now; agents go on. Start the newer one.');
  }
}

async function readHello(socket: Socket): Promise<Hello> {
  return z.parse(Hello, JSON.parse(await readLine(socket, { timeoutMs: handshakeTimeoutMs, maxBytes: limits.handshakeBytes })));
}

function answer(socket: Socket, reply: HelloReply): void {
  socket.write(`${JSON.stringify(reply)}\n`);
}
