/** A port on loopback that passes everything on to a server, until a test takes the network away. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export class CuttablePort {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #server: ReturnType<typeof createServer> | null = null;

  /** `url`: of the server that is behind it. */
  constructor(url: string) {
    this.#target = Number(new URL(url).port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** As before: at the same port. */
  async mend(): Promise<void> {
    const server = createServer((incoming) => this.#pass(incoming));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port; // Never a string: it listens on TCP.
    this.#server = server;
  }

  /** Whoever connects is refused, and what was connected is reset. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  #pass(incoming: Socket): void {
    const outgoing = connect(this.#target, '127.0.0.1');
    const ends = [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const;
    for (const [socket, other] of ends) {
      this.#sockets.add(socket);
      // The one that breaks takes the other along.
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
