/** JSON-RPC with windows and commands. Holds no decision: what they ask goes through the gate. */
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type Message,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { ServerCapabilities } from 'vscode-languageserver';
import type { Caller, Dispatch } from '../dispatch.ts';
import { type ClientMethod, type ClientParams, type ClientResult, clientRequests } from '../protocol/client-requests.ts';
import { AgorError, rpcErrorCode } from '../protocol/errors.ts';
import type { ClientHello } from '../protocol/handshake.ts';
import type { Notification, NotificationParams } from '../protocol/notifications.ts';
import { requests } from '../protocol/requests.ts';
import { FrameGuard } from './frame-guard.ts';
import { type GroupsLanguage, groupsCapabilities, noCapabilities, serveGroupsDocuments } from './groups-documents.ts';

export type ClientDoorDeps = {
  readonly dispatch: Dispatch;
  /** The caller is gone: its watches go too. */
  readonly onClosed: (caller: Caller) => void;
  /** One came or went. */
  readonly onChanged: () => void;
  /** A window is ready to be asked. */
  readonly onWindow: () => void;
  /** For the editors of a window. */
  readonly language: GroupsLanguage;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type Client = {
  notify<N extends Notification>(method: N, params: NotificationParams<N>): void;
};

type Window = { ask<M extends ClientMethod>(method: M, params: ClientParams<M>): Promise<ClientResult<M>> };

/** A caller may hang for a moment, as a window does that is being debugged; then it is cut off, and comes back by itself. */
const takesNothingMs = 10_000;
const goodbyeMs = 500;
/** A message that is told of may be megabytes long. */
const loggedChars = 500;

export class ClientDoor {
  readonly #deps: ClientDoorDeps;
  readonly #clients = new Set<Client>();
  /** Without the person's assistant, which may read less. */
  readonly #people = new Set<Client>();
  readonly #windows = new Set<Window>();

  constructor(deps: ClientDoorDeps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#clients.size;
  }

  broadcast<N extends Notification>(method: N, params: NotificationParams<N>): void {
    for (const client of this.#clients) client.notify(method, params);
  }

  /** Not to an assistant. */
  tellPerson<N extends Notification>(method: N, params: NotificationParams<N>): void {
    for (const client of this.#people) client.notify(method, params);
  }

  /** The first answer of a window that `isAnswer` takes; undefined when none has one, or none is there. Never rejects. */
  async askWindows<M extends ClientMethod>(
    method: M,
    params: ClientParams<M>,
    isAnswer: (result: ClientResult<M>) => boolean,
  ): Promise<ClientResult<M> | undefined> {
    const answers = [...this.#windows].map(async (window) => {
      const result = await window.ask(method, params);
      if (!isAnswer(result)) throw new Error('the window has no answer');
      return result;
    });
    // Rejects when every window has refused, has gone, or has nothing.
    return Promise.any(answers).catch(() => undefined);
  }

  /** What each window answers or refuses with; one that went away has refused. */
  askEach<M extends ClientMethod>(method: M, params: ClientParams<M>): Promise<PromiseSettledResult<ClientResult<M>>[]> {
    return Promise.allSettled([...this.#windows].map((window) => window.ask(method, params)));
  }

  /** `socket` has been greeted. */
  open(socket: Socket, hello: ClientHello): void {
    const onProblem = (problem: string) => {
      // To one that has hung up nothing can be sent, which is no news.
      if (!socket.destroyed) this.#deps.log('bad message', { role: hello.role, problem: problem.slice(0, loggedChars) });
    };
    const onBadFrame = (error: Error) => {
      this.#deps.log('bad frame', { role: hello.role, reason: error.message });
      leave();
    };
    const connection = connect(socket, { onProblem, onBadFrame });
    const notify = notifier(connection, socket);
    const client: Client = { notify };
    const window: Window = { ask: asker(connection) };
    const caller: Caller = { kind: hello.role, watcher: (params) => notify('session/changed', params) };
    const leave = () => {
      endDocuments();
      this.#windows.delete(window);
      this.#people.delete(client);
      if (!this.#clients.delete(client)) return;
      this.#deps.onClosed(caller);
      this.#deps.onChanged();
    };
    for (const method of Object.keys(requests)) {
      connection.onRequest(method, (params: unknown) => this.#deps.dispatch(caller, method, params).catch(asResponseError));
    }
    const hasEditors = hello.role === 'extension';
    const endDocuments = hasEditors ? serveGroupsDocuments(connection, this.#deps.language) : () => {};
    keepLanguageServersManners(connection, socket, { capabilities: hasEditors ? groupsCapabilities : noCapabilities });
    connection.onNotification('initialized', () => {
      if (!hasEditors) return;
      this.#windows.add(window);
      this.#deps.onWindow();
    });
    this.#clients.add(client);
    if (hello.role !== 'assistant') this.#people.add(client);
    this.#deps.onChanged();
    socket.once('close', () => {
      leave();
      connection.dispose();
    });
    connection.listen();
  }
}

/**
 * What a window's LanguageClient asks of any server. The library for servers would do it too, but brings two hundred
 * kilobytes of a protocol of which four notifications and three requests are used here, and which every start would read.
 */
function keepLanguageServersManners(connection: MessageConnection, socket: Socket, greeting: { capabilities: ServerCapabilities }): void {
  connection.onRequest('initialize', () => greeting);
  connection.onRequest('shutdown', () => null);
  connection.onNotification('exit', () => void socket.end());
}

/** Never throws, whatever became of the caller; one that takes nothing any more is cut off before it fills our memory. */
function notifier(connection: MessageConnection, socket: Socket): Client['notify'] {
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

/** Rejects when the window does, or goes away; what it answers is checked, and never logged. */
function asker(connection: MessageConnection): Window['ask'] {
  return async <M extends ClientMethod>(method: M, params: ClientParams<M>) => {
    const answer: unknown = await connection.sendRequest(method, params);
    // The schema of `method` is applied; the compiler cannot join the union of all methods to this one.
    return clientRequests[method].result.parse(answer) as ClientResult<M>;
  };
}

type Heard = { readonly onProblem: (problem: string) => void; readonly onBadFrame: (error: Error) => void };

/**
 * One caller's end is only its own. What the library has to say is logged here: it would throw where nobody catches it
 * when the caller is gone.
 */
function connect(socket: Socket, { onProblem, onBadFrame }: Heard): MessageConnection {
  const guard = new FrameGuard();
  const writer = new CallerWriter(socket);
  const giveUp = (error: Error) => {
    if (writer.isOver) return;
    writer.isOver = true;
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
  return createMessageConnection(reader, writer, { error: onProblem, warn: onProblem, info: onProblem, log: onProblem });
}

/** To write after the end would cut the socket off before the caller has read why: what else there is to say goes nowhere. */
class CallerWriter extends StreamMessageWriter {
  isOver = false;

  override async write(message: Message): Promise<void> {
    if (!this.isOver) await super.write(message);
  }
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
