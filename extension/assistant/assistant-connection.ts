/**
 * A second connection to the backend, for VS Code's own chat: the backend knows by its role that what comes over it is an
 * assistant's wish and not the person's. Opened by the first call, and anew when it went away.
 */
import type { Socket } from 'node:net';
import type { CancellationToken, LogOutputChannel } from 'vscode';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Input, Method, Result } from '../../server/protocol/requests.ts';
import { wasNeverSent } from '../backend/rpc-failure.ts';

export type AssistantConnectionDeps = {
  /** Opens a socket that passed the handshake as an assistant. */
  readonly connect: (signal: AbortSignal) => Promise<Socket>;
  readonly log: Pick<LogOutputChannel, 'debug'>;
};

type Open = { readonly rpc: MessageConnection; readonly socket: Socket };

export class AssistantConnection {
  readonly #deps: AssistantConnectionDeps;
  readonly #closing = new AbortController();
  #open: Promise<Open> | undefined;
  /** What `#open` resolved with, until it is lost. */
  #current: MessageConnection | undefined;

  constructor(deps: AssistantConnectionDeps) {
    this.#deps = deps;
  }

  async call<M extends Method>(method: M, params: Input<M>, token?: CancellationToken): Promise<Result<M>> {
    const open = await this.#opened();
    try {
      // The result is not parsed again: the handshake made sure that both ends are of one build.
      return await open.rpc.sendRequest<Result<M>>(method, params, token);
    } catch (error) {
      // The backend went away before anyone noticed: nobody has seen the request, so another connection may take it.
      if (!wasNeverSent(error)) throw error;
      this.#forget(open);
      return this.call(method, params, token);
    }
  }

  dispose(): void {
    this.#closing.abort();
    void this.#open?.then(
      ({ socket }) => socket.destroy(),
      () => undefined,
    );
  }

  async #opened(): Promise<Open> {
    const opening = this.#open ?? this.#connect();
    this.#open = opening;
    try {
      return await opening;
    } catch (error) {
      if (this.#open === opening) this.#open = undefined;
      throw error;
    }
  }

  async #connect(): Promise<Open> {
    const socket = await this.#deps.connect(this.#closing.signal);
    // Most windows never need it, and each would wait for it while it starts.
    const { createMessageConnection, SocketMessageReader, SocketMessageWriter } = await import('vscode-jsonrpc/node');
    const reader = new SocketMessageReader(socket);
    // Its timer would outlive a connection that breaks in the middle of a message.
    reader.partialMessageTimeout = 0;
    const rpc = createMessageConnection(reader, new SocketMessageWriter(socket));
    const open = { rpc, socket };
    this.#current = rpc;
    socket.once('close', () => this.#forget(open));
    rpc.onError(([error]) => this.#deps.log.debug(`The assistant's connection: ${error.message}`));
    rpc.listen();
    // The handshake leaves the socket paused, so that nothing is read before someone listens.
    socket.resume();
    return open;
  }

  /** The next call opens another one. */
  #forget({ rpc, socket }: Open): void {
    socket.destroy();
    if (this.#current !== rpc) return;
    this.#current = undefined;
    this.#open = undefined;
    rpc.dispose();
  }
}
