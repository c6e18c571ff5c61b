/** The backend's contract over one connection: typed calls, typed notifications, and failures a person can act on. */
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import { type ConnectOptions, connectToBackend } from '../launch/connect.ts';
import { AgorError, ErrorData } from '../protocol/errors.ts';
import { type Notification, type NotificationParams, notifications } from '../protocol/notifications.ts';
import { type Input, type Method, type Result, requests } from '../protocol/requests.ts';
import { UnreachableError } from './exit-codes.ts';

export type Connection = {
  /** Rejects with the backend's `AgorError`, or with `UnreachableError` when the connection is gone. */
  call<M extends Method>(method: M, params: Input<M>): Promise<Result<M>>;
  /** Returns the function that stops listening. */
  on<N extends Notification>(name: N, listener: (params: NotificationParams<N>) => void): () => void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
};

const pingEveryMs = 2_000;
const pingDeadlineMs = 10_000;
/** The library's code for a request whose connection went away. */
const pendingResponseRejected = -32097;

export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const socket = await connectToBackend(options).catch((error: unknown) => {
    throw error instanceof AgorError ? new UnreachableError(error.code, error.message, { cause: error }) : error;
  });
  return overSocket(socket);
}

/** Over one that was greeted, and is paused. */
export function overSocket(socket: Socket): Connection {
  const reader = new SocketMessageReader(socket);
  // Its timer would go on for ever when the connection breaks in the middle of a frame, and keep the command alive.
  reader.partialMessageTimeout = 0;
  const rpc = createMessageConnection(reader, new SocketMessageWriter(socket));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  // What the reader cannot read ends the socket, and that is told by `closed`.
  rpc.onError(() => socket.destroy());
  rpc.listen();
  // The handshake leaves the socket paused, so that nothing is read before someone listens.
  socket.resume();
  const stopPinging = keepAlive(rpc, () => socket.destroy());
  void closed.then(() => {
    stopPinging();
    rpc.dispose();
  });
  return {
    call: (method, params) => call(rpc, method, params),
    on: (name, listener) => listen(rpc, name, listener),
    closed,
    close: () => void socket.destroy(),
  };
}

async function call<M extends Method>(rpc: MessageConnection, method: M, params: Input<M>): Promise<Result<M>> {
  // A connection that is over throws instead of rejecting.
  const ask = async (): Promise<unknown> => rpc.sendRequest(method, params);
  const answer = await ask().catch((error: unknown) => {
    throw asAgorError(method, error);
  });
  const parsed = requests[method].result.safeParse(answer);
  // The compiler does not follow that the schema looked up by `method` infers `Result` of the same method.
  if (parsed.success) return parsed.data as Result<M>;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AgorError('internal', `The backend's answer to ${method} is not what this version expects (at "${where}").`);
}

function listen<N extends Notification>(rpc: MessageConnection, name: N, listener: (params: NotificationParams<N>) => void): () => void {
  const registration = rpc.onNotification(name, (params: unknown) => {
    const parsed = notifications[name].safeParse(params);
    // A notification that this version cannot read is dropped; the gap it leaves asks for a new snapshot.
    // The compiler does not follow that the schema looked up by `name` infers the params of the same name.
    if (parsed.success) listener(parsed.data as NotificationParams<N>);
  });
  return () => registration.dispose();
}

function asAgorError(method: Method, error: unknown): AgorError {
  if (!(error instanceof ResponseError) || error.code === pendingResponseRejected) return lost(error);
  const data = ErrorData.safeParse(error.data);
  if (data.success) return new AgorError(data.data.code, error.message, { cause: error });
  return new AgorError('internal', `The backend could not answer ${method}: ${error.message}`, { cause: error });
}

function lost(cause: unknown): AgorError {
  return new UnreachableError('unavailable', 'The connection to the backend was lost before it answered. Run the command again.', {
    cause,
  });
}

/** A channel can go deaf without closing: when pings stay unanswered, it is given up. */
function keepAlive(rpc: MessageConnection, giveUp: () => void): () => void {
  let answeredAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - answeredAt > pingDeadlineMs) return giveUp();
    rpc.sendRequest('backend/ping', {}).then(
      () => {
        answeredAt = performance.now();
      },
      () => {
        // The deadline, or the end of the socket, tells.
      },
    );
  }, pingEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
