/** A caller on the backend's socket that writes its own frames: it numbers requests as it likes, and may send garbage. */
import { connect, type Socket } from 'node:net';
import { readLine } from '../../server/base/read-line.ts';
import { AgorError, ErrorData } from '../../server/protocol/errors.ts';
import { type Hello, HelloReply } from '../../server/protocol/handshake.ts';

export type RawClientOptions = {
  readonly socketPath: string;
  readonly hello: Hello;
  /** Requests are numbered from here on. */
  readonly firstId?: number;
  /** What the backend asks is answered so. */
  readonly answer?: (method: string) => unknown;
};

type Message = { readonly id?: number; readonly method?: string; readonly result?: unknown; readonly error?: RpcError };
type RpcError = { readonly message: string; readonly data?: unknown };

const helloTimeoutMs = 10_000;
const maxHelloBytes = 64 * 1024;

export class RawClient {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #answer: (method: string) => unknown;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #held = Buffer.alloc(0);
  #nextId: number;
  /** The error that the backend said before it hung up, which belongs to no request. */
  farewell: string | undefined;

  /** Rejects with the refusal, or when nobody answers. */
  static async greet(options: RawClientOptions): Promise<RawClient> {
    const socket = await openSocket(options.socketPath);
    try {
      socket.write(`${JSON.stringify(options.hello)}\n`);
      const reply = HelloReply.parse(JSON.parse(await readLine(socket, { timeoutMs: helloTimeoutMs, maxBytes: maxHelloBytes })));
      if (!reply.ok) throw new AgorError(reply.code, reply.message);
      return new RawClient(socket, options);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  private constructor(socket: Socket, { firstId = 1, answer = () => ({}) }: RawClientOptions) {
    this.#socket = socket;
    this.#nextId = firstId;
    this.#answer = answer;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new ConnectionGone());
        this.#waiting.clear();
        resolve();
      });
    });
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.resume();
  }

  /** The number of the last request. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  request(method: string, params: unknown): Promise<unknown> {
    const id = this.#nextId++;
    const answered = Promise.withResolvers<unknown>();
    if (this.#socket.destroyed) answered.reject(new ConnectionGone());
    else this.#waiting.set(id, answered);
    this.send(frame({ jsonrpc: '2.0', id, method, params }));
    return answered.promise;
  }

  send(bytes: Buffer | string): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (let body = this.#nextBody(); body !== undefined; body = this.#nextBody()) this.#hear(JSON.parse(body));
  }

  #nextBody(): string | undefined {
    const end = this.#held.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const length = Number(/content-length: *(\d+)/i.exec(this.#held.subarray(0, end).toString('latin1'))?.[1]);
    const start = end + 4;
    if (this.#held.length < start + length) return undefined;
    const body = this.#held.subarray(start, start + length).toString('utf8');
    this.#held = this.#held.subarray(start + length);
    return body;
  }

  #hear({ id, method, result, error }: Message): void {
    if (method !== undefined) {
      if (id !== undefined) this.send(frame({ jsonrpc: '2.0', id, result: this.#answer(method) }));
      return;
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (error && !waiting) this.farewell = error.message;
    if (id !== undefined) this.#waiting.delete(id);
    if (error) waiting?.reject(asError(error));
    else waiting?.resolve(result);
  }
}

/** The backend hung up, or was killed, before it answered. */
export class ConnectionGone extends Error {}

export function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    // Stays for the socket's life: being cut off is what these callers are for.
    socket.on('error', reject);
  });
}

function asError({ message, data }: RpcError): Error {
  const known = ErrorData.safeParse(data);
  return known.success ? new AgorError(known.data.code, message) : new Error(message);
}
