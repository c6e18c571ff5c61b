/**
 * A second connection to the backend, for VS Code's own chat: the backend knows by its role that what comes over it is an
 * assistant's wish and not the person's. Opened by the first call, and anew when it went away.
 */
import type { Socket } from 'node:net';
import type { CancellationToken, LogOutputChannel } from 'vscode';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import type { Input, Method, Result } from '../server/protocol/requests.ts';

export type AssistantConnectionDeps = {
  /** Opens a socket that passed the handshake as an assistant. */
  readonly connect: (signal: AbortSignal) => Promise<Socket>;
  readonly log: Pick<LogOutputChannel, 'debug'>;
};

export class AssistantConnection {
  readonly #deps: AssistantConnectionDeps;
  readonly #closing = new AbortController();
  #open: Promise<MessageConnection> | undefined;

  constructor(deps: AssistantConnectionDeps) {
    this.#deps = deps;
  }

  async call<M extends Method>(method: M, params: Input<M>, token?: CancellationToken): Promise<Result<M>> {
    this.#open ??= this.#connect();
    const rpc = await this.#open.catch((error: unknown) => {
      this.#open = undefined;
      throw error;
    });
    // The result is not parsed again: the handshake made sure that both ends are of one build.
    return rpc.sendRequest<Result<M>>(method, params, token);
  }

  dispose(): void {
    this.#closing.abort();
    void this.#open?.then(
      (rpc) => rpc.end(),
      () => undefined,
    );
  }

  async #connect(): Promise<MessageConnection> {
    const socket = await this.#deps.connect(this.#closing.signal);
    const rpc = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const forget = () => {
      this.#open = undefined;
      rpc.dispose();
    };
    rpc.onError(([error]) => this.#deps.log.debug(`The assistant's connection: ${error.message}`));
    rpc.onClose(forget);
    rpc.listen();
    // The handshake leaves the socket paused, so that nothing is read before someone listens.
    socket.resume();
    return rpc;
  }
}
