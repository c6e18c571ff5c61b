/** Things outside the fence that nobody inside may reach: put out before a self-test, taken away after it. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessIdentity, processIdentity } from '../base/process-identity.ts';
import { removeStaleFolders } from '../base/stale-folders.ts';
import { AgorError } from '../protocol/errors.ts';

const maxSocketPathBytes = 103;
/** No self-test takes as long: its folder was left by one that was killed. */
const staleAfterMs = 60_000;

export class Canaries {
  /** In the data directory. */
  readonly file: string;
  /** In the temporary folder that all programs share. */
  readonly sharedFile: string;
  readonly socket: string;
  readonly abstractSocket = `\0agor-canary-${randomBytes(12).toString('hex')}`;
  readonly process: ProcessIdentity;
  readonly pidNamespace = readlinkSync('/proc/self/ns/pid');
  readonly ipcNamespace = readlinkSync('/proc/self/ns/ipc');
  readonly #folders: readonly string[];
  readonly #servers: Server[] = [];
  readonly #datagrams: Socket = createSocket('udp4');
  #tcpPort = 0;

  private constructor(dataDir: string) {
    const self = processIdentity(process.pid);
    if (self === null) throw new AgorError('internal', 'This process cannot be found in /proc.');
    this.process = self;
    const run = join(dataDir, 'run');
    mkdirSync(run, { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(join(run, 'canary-'));
    const prefix = join(tmpdir(), 'agor-canary-');
    removeStaleFolders(prefix, staleAfterMs);
    const shared = mkdtempSync(prefix);
    this.#folders = [folder, shared];
    this.file = putFile(folder);
    this.sharedFile = putFile(shared);
    const socket = join(folder, 'socket');
    this.socket = Buffer.byteLength(socket) <= maxSocketPathBytes ? socket : join(shared, 'socket');
  }

  /** `allowedPorts` are those that the fence lets through. */
  static async put(dataDir: string, allowedPorts: readonly number[] | 'any'): Promise<Canaries> {
    const canaries = new Canaries(dataDir);
    try {
      await canaries.#listen({ path: canaries.socket });
      await canaries.#listen({ path: canaries.abstractSocket });
      await canaries.#listenOnPort(allowedPorts);
      await canaries.#answerDatagrams();
      return canaries;
    } catch (error) {
      canaries.takeAway();
      throw error;
    }
  }

  get tcpPort(): number {
    return this.#tcpPort;
  }

  get udpPort(): number {
    return this.#datagrams.address().port;
  }

  takeAway(): void {
    for (const server of this.#servers) server.close();
    this.#datagrams.close();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  async #listenOnPort(allowed: readonly number[] | 'any'): Promise<void> {
    const address = (await this.#listen({ port: 0, host: '127.0.0.1' })).address();
    this.#tcpPort = typeof address === 'object' && address !== null ? address.port : 0;
    if (allowed !== 'any' && allowed.includes(this.#tcpPort)) await this.#listenOnPort(allowed);
  }

  #listen(options: ListenOptions): Promise<Server> {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end());
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, () => resolve(server));
    });
  }

  #answerDatagrams(): Promise<void> {
    const socket = this.#datagrams;
    socket.on('message', (_, sender) => socket.send('!', sender.port, sender.address));
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, '127.0.0.1', resolve);
    });
  }
}

function putFile(folder: string): string {
  const file = join(folder, 'canary');
  writeFileSync(file, 'Nobody inside a fence may read this.\n', { mode: 0o600 });
  return file;
}
