/** JSON-RPC with one window or command. Holds no decision: everything goes through the gate. */
import type { Socket } from 'node:net';
import { createConnection, ResponseError } from 'vscode-languageserver';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { Caller, Dispatch } from '../dispatch.ts';
import { AgorError, rpcErrorCode } from '../protocol/errors.ts';
import type { ClientHello } from '../protocol/handshake.ts';
import type { Notification, NotificationParams } from '../protocol/notifications.ts';
import { requests } from '../protocol/requests.ts';
import { FrameGuard } from './frame-guard.ts';

export type ClientDoorDeps = {
  readonly dispatch: Dispatch;
  /** The caller is gone: its watches go too. */
  readonly onClosed: (caller: Caller) => void;
  /** One came or went. */
  readonly onChanged: () => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type Client = {
  notify<N extends Notification>(method: N, params: NotificationParams<N>): void;
};

/** A caller may hang for a moment, as a window does that is being debugged; then it is cut off, and comes back by itself. */
const takesNothingMs = 10_000;
const goodbyeMs = 500;

export class ClientDoor {
  readonly #deps: ClientDoorDeps;
  readonly #clients = new Set<Client>();

  constructor(deps: ClientDoorDeps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#clients.size;
  }

  broadcast<N extends Notification>(method: N, params: NotificationParams<N>): void {
    for (const client of this.#clients) client.notify(method, params);
  }

  /** `socket` has been greeted. */
  open(socket: Socket, hello: ClientHello): void {
    const connection = connect(socket, (error) => {
      this.#deps.log('bad frame', { role: hello.role, reason: error.message });
      leave();
    });
    const notify = notifier(connection, socket);
    const client: Client = { notify };
    const caller: Caller = { kind: hello.role, watcher: (params) => notify('session/changed', params) };
    const leave = () => {
      if (!this.#clients.delete(client)) return;
      this.#deps.onClosed(caller);
      this.#deps.onChanged();
    };
    for (const method of Object.keys(requests)) {
      connection.onRequest(method, (params: unknown) => this.#deps.dispatch(caller, method, params).catch(asResponseError));
    }
    connection.onInitialize(() => ({ capabilities: {} }));
    connection.onShutdown(() => {});
    this.#clients.add(client);
    this.#deps.onChanged();
    socket.once('close', () => {
      leave();
      connection.dispose();
    });
    connection.listen();
  }
}

type Connection = ReturnType<typeof connect>;

/** Never throws, whatever became of the caller; one that takes nothing any more is cut off before it fills our memory. */
function notifier(connection: Connection, socket: Socket): Client['notify'] {
  let waiting = 0;
  let movedAt = 0;
  const moved = () => {
    waiting -= 1;
    movedAt = performance.now();
  };
  return (method, params) => {
    if (waiting === 0) movedAt = performance.now();
    if (performance.now() - movedAt > takesNothingMs) socket.destroy();
    try {
      const sent = connection.sendNotification(method, params);
      waiting += 1;
      // Rejected when the caller goes away meanwhile; its socket's end tells.
      sent.then(moved, moved);
    } catch {
      // Thrown at once when the connection is over and the socket's end is still to come.
    }
  };
}

/**
 * The common `createConnection`, with a watch dog that only ends this socket: the one for Node ends the whole process
 * when a single connection closes.
 */
function connect(socket: Socket, onBadFrame: (error: Error) => void) {
  const guard = new FrameGuard();
  const giveUp = (error: Error) => {
    onBadFrame(error);
    socket.end(frame({ jsonrpc: '2.0', id: null, error: { code: rpcErrorCode, message: error.message, data: { code: 'badRequest' } } }));
    // What else it sends is thrown away; if it does not hang up, we do.
    socket.unpipe().resume();
    setTimeout(() => socket.destroy(), goodbyeMs).unref();
  };
  guard.on('error', giveUp);
  const reader = new StreamMessageReader(socket.pipe(guard));
  // Its timer would go on for ever when a connection breaks in the middle of a frame; the caller's pings tell.
  reader.partialMessageTimeout = 0;
  reader.onError(giveUp);
  const writer = new StreamMessageWriter(socket);
  const watchDog = { shutdownReceived: false, initialize: () => {}, exit: () => socket.end() };
  return createConnection((logger) => createProtocolConnection(reader, writer, logger), watchDog);
}

function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The gate lets nothing but `AgorError`s out. */
function asResponseError(error: unknown): ResponseError<unknown> {
  const { code, message } = error instanceof AgorError ? error : new AgorError('internal', String(error));
  return new ResponseError(rpcErrorCode, message, { code });
}
