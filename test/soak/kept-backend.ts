/** The backend of a soak: started again a second after it ended, as a window does it, with a watch on its event loop. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { delay } from '../../server/base/delay.ts';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import type { Input, Method, Result } from '../../server/protocol/requests.ts';
import { LiveBackend, readOwner } from '../faults/live.ts';

const restartAfterMs = 1_000;
const watched = pathToFileURL(join(import.meta.dirname, 'watched.mjs')).href;

export type KeptOptions = { readonly dist: string; readonly dataDir: string; readonly loopFile: string };

export class KeptBackend {
  readonly #options: KeptOptions;
  #child: LiveBackend | undefined;
  #connection: Promise<Connection> | undefined;
  #isStopping = false;
  #kept: Promise<void> | undefined;
  /** How often one was started. */
  starts = 0;

  constructor(options: KeptOptions) {
    this.#options = options;
    mkdirSync(options.dataDir, { mode: 0o700 });
  }

  async start(): Promise<void> {
    const isUp = Promise.withResolvers<void>();
    this.#kept = this.#keepUp(isUp.resolve);
    await isUp.promise;
  }

  get pid(): number | undefined {
    return readOwner(this.#options.dataDir)?.pid;
  }

  /** Rejects when the backend goes away meanwhile. */
  async call<M extends Method>(method: M, params: Input<M>): Promise<Result<M>> {
    return (await this.connection()).call(method, params);
  }

  connection(): Promise<Connection> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  /** Ends it and waits for the next one. */
  async restart(): Promise<void> {
    const before = this.pid;
    await this.call('backend/stop', {}).catch(() => {
      // It ends before its answer is out.
    });
    while (this.pid === undefined || this.pid === before) await delay(50);
    await (await this.connection()).call('backend/ping', {});
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.call('backend/stop', {}).catch(() => {
      // It ends before its answer is out, or has ended already.
    });
    await this.#kept;
  }

  async #keepUp(isUp: () => void): Promise<void> {
    while (!this.#isStopping) {
      this.starts += 1;
      const { dist, dataDir, loopFile } = this.#options;
      const environment = { NODE_OPTIONS: `--import ${watched}`, AGOR_SOAK_FILE: loopFile };
      this.#child = new LiveBackend({ dist, dataDir, environment });
      if (await this.#child.ready()) isUp();
      await this.#child.exited;
      if (!this.#isStopping) await delay(restartAfterMs);
    }
  }

  async #connect(): Promise<Connection> {
    const { dist, dataDir } = this.#options;
    // Whoever connects while none runs starts one, which would be without the watch.
    while (readOwner(dataDir) === undefined) await delay(50);
    const env = { ...process.env, AGOR_CONFIG_DIR: `${dataDir}-config` };
    const connection = await openConnection({ dataDir, role: 'cli', distDir: dist, env }).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    void connection.closed.then(() => {
      this.#connection = undefined;
    });
    return connection;
  }
}
