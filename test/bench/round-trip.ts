/** What one durable commit and one round trip over a socket take here and now: the least of any message between processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { openDatabase } from '../../server/store/open-database.ts';
import { write } from '../../server/store/transaction.ts';

const kilobyte = 'x'.repeat(1024);

export class RoundTrip {
  readonly #db;
  readonly #insert;
  readonly #echo: ChildProcess;
  readonly #socket: Socket;

  private constructor(dir: string, echo: ChildProcess, socket: Socket) {
    this.#db = openDatabase(join(dir, 'commit.db'), {
      durability: 'full',
      migrations: [
        { version: 1, name: 'rows', up: (db) => db.exec('create table rows (id integer primary key, body text not null) strict') },
      ],
    });
    this.#insert = this.#db.prepare('insert into rows (body) values (?)');
    this.#echo = echo;
    this.#socket = socket;
  }

  static async open(dir: string): Promise<RoundTrip> {
    const path = join(dir, 'echo.sock');
    const echo = fork(join(import.meta.dirname, 'echo.mjs'), [path]);
    await once(echo, 'message');
    const socket = connect(path);
    await once(socket, 'connect');
    return new RoundTrip(dir, echo, socket);
  }

  /** In milliseconds. */
  commit(): number {
    const begun = performance.now();
    write(this.#db, () => this.#insert.run(kilobyte));
    return performance.now() - begun;
  }

  async there(): Promise<number> {
    const begun = performance.now();
    this.#socket.write(kilobyte);
    await once(this.#socket, 'data');
    return performance.now() - begun;
  }

  async close(): Promise<void> {
    const ended = once(this.#echo, 'exit');
    this.#socket.destroy();
    this.#echo.disconnect();
    await ended;
    this.#db.close();
  }
}
