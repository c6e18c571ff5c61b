/** Starts the built backend the way a window does, and tells when it could do what; and bare Nodes to hold that against. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { root } from '../../scripts/environment.ts';
import { readBuildInfo } from '../../server/base/build-info.ts';
import { compileCacheOf } from '../../server/base/compile-cache.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { youngHeapFlags } from '../../server/base/young-heap.ts';
import { greet } from '../../server/launch/handshake.ts';
import { ensureRuntime } from '../../server/launch/runtime.ts';
import { backendEnvironment } from '../../server/launch/start-backend.ts';

/** In milliseconds since it was spawned. */
export type StartTimes = { readonly greetedMs: number; readonly initializedMs: number; readonly answeredMs: number };

/** One backend over a data directory; started and ended again and again. */
export class MeasuredBackend {
  readonly paths;
  readonly program: string;
  readonly #distDir = `${root}/dist`;
  #child: ChildProcess | undefined;
  #socket: Socket | undefined;

  constructor(dataDir: string) {
    if (!existsSync(`${this.#distDir}/backend.js`)) throw new Error('The programs are not built. Run "npm run build" first.');
    this.paths = dataPaths(dataDir);
    for (const folder of [this.paths.run, this.paths.logs, this.paths.runtime]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.program = `${ensureRuntime(this.#distDir, this.paths)}/backend.js`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<StartTimes> {
    const begun = performance.now();
    const env = { ...backendEnvironment(process.env), ...compileCacheOf(this.program) };
    const cwd = this.paths.dataDir;
    const child = spawn(process.execPath, [...youngHeapFlags, this.program, cwd], { stdio: ['ignore', 'ignore', 'inherit'], cwd, env });
    this.#child = child;
    const socket = await this.#reach(child);
    this.#socket = socket;
    const token = readFileSync(this.paths.token, 'utf8').trim();
    const reply = await greet(socket, { role: 'extension', token, build: readBuildInfo(this.#distDir) });
    if (!reply.ok) throw new Error(reply.message);
    const greetedMs = performance.now() - begun;
    const rpc = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    rpc.listen();
    socket.resume();
    await rpc.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    const initializedMs = performance.now() - begun;
    await rpc.sendRequest('agent/list', {});
    return { greetedMs, initializedMs, answeredMs: performance.now() - begun };
  }

  /** In order, so that the next one finds everything as it is found on other days. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#socket?.destroy();
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** As soon as it is there: a look costs a hundredth of what is measured. */
  async #reach(child: ChildProcess): Promise<Socket> {
    rmSync(this.paths.socket, { force: true });
    for (;;) {
      const socket = existsSync(this.paths.socket) && (await opened(this.paths.socket));
      if (socket) return socket;
      if (child.exitCode !== null) throw new Error(`The backend ended with ${child.exitCode} while it was starting.`);
      await delay(1);
    }
  }
}

function opened(path: string): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const socket = connect(path);
  socket.on('error', () => resolve(undefined));
  socket.once('connect', () => resolve(socket));
  return promise;
}

/** From its spawn to its end: what no program of Node can do without. */
export async function bareNodeMs(): Promise<number> {
  const begun = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begun;
}

const echo = "process.on('message', (message) => process.send(message)); process.send('ready')";

/** A child that does nothing but answer, with its time to the first answer. */
export async function bareChild(): Promise<{ readonly child: ChildProcess; readonly answeredMs: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['-e', echo], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  child.send('hello');
  await once(child, 'message');
  return { child, answeredMs: performance.now() - begun };
}

export type Memory = { readonly rss: number; readonly pss: number };

/** In megabytes: all that is mapped in, and with what is shared with others in parts. */
export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]) / 1024;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}
