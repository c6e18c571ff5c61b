/** The backend of a data directory as most rows have it: whoever needs it starts it, and then it is killed. */
import { delay } from '../../server/base/delay.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import { openCli, readOwner, type StartOptions } from './live.ts';

const pollMs = 5;

export class KillableBackend {
  readonly #cli: Pick<StartOptions, 'dist' | 'dataDir'>;
  #connection: Connection | undefined;

  constructor(cli: Pick<StartOptions, 'dist' | 'dataDir'>) {
    this.#cli = cli;
  }

  /** A new connection in the place of the last one; starts a backend when none runs. */
  async connect(): Promise<Connection> {
    this.#connection?.close();
    this.#connection = await openCli(this.#cli);
    return this.#connection;
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    await killOwner(this.#cli.dataDir);
    this.#connection?.close();
  }

  /** In order, as a person stops it. */
  async stop(): Promise<void> {
    const owner = readOwner(this.#cli.dataDir);
    await this.#connection?.call('backend/stop', {}).catch(() => {
      // It ends before its answer is out, or has ended already.
    });
    this.#connection?.close();
    while (owner && isSameProcess(owner)) await delay(pollMs);
  }
}

/** Answers, once the process is gone, whether there was one. */
export async function killOwner(dataDir: string): Promise<boolean> {
  const owner = readOwner(dataDir);
  if (!owner) return false;
  process.kill(owner.pid, 'SIGKILL');
  while (isSameProcess(owner)) await delay(pollMs);
  return true;
}
