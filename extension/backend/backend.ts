/**
 * The window's channel to the backend: starts or attaches, typed requests, and a connection state of our own, because
 * the language client still calls itself running while nothing answers. Three rules of that client shape this file: the
 * function that attaches must never reject (one rejection makes the client useless for good), `closed()` decides how
 * long to wait, and neither of them may show its own pop-ups.
 */
import type { Socket } from 'node:net';
import { type CancellationToken, type Disposable, type Event, EventEmitter, LogLevel, type LogOutputChannel, l10n } from 'vscode';
import type { LanguageClient, StreamInfo } from 'vscode-languageclient/node';
import { type ClientMethod, type ClientParams, type ClientResult, clientRequests } from '../../server/protocol/client-requests.ts';
import { AgorError, rpcErrorCode } from '../../server/protocol/errors.ts';
import { type Notification, type NotificationParams, notifications } from '../../server/protocol/notifications.ts';
import type { Input, Method, Result } from '../../server/protocol/requests.ts';
import type { Connection, ConnectionPhase } from './connection.ts';
import { Heartbeat } from './heartbeat.ts';
import { Restarts } from './restarts.ts';
import { backendAway, toAgorError, wasNeverSent } from './rpc-failure.ts';

export type BackendDeps = {
  readonly log: LogOutputChannel;
  /** Opens a socket that passed the handshake; rejects with an `AgorError`. */
  readonly connect: (signal: AbortSignal, onProgress: (text: string) => void) => Promise<Socket>;
  /** What the backend asks of this window. */
  readonly answers: { readonly [M in ClientMethod]: (params: ClientParams<M>) => Promise<ClientResult<M>> };
};

type ClientLibrary = typeof import('vscode-languageclient/node');

/** A request made while the connection is being made waits this long for it. */
const waitForConnectionMs = 15_000;

/** A backend that was told to stop has this long to close its connections. */
const hangUpTimeoutMs = 3_000;

/** Trying again by itself changes nothing about these. */
const lastingFailures: ReadonlySet<string> = new Set(['outdated', 'unauthorized', 'storage', 'badRequest']);

export class Backend {
  readonly #deps: BackendDeps;
  readonly #changed = new EventEmitter<Connection>();
  readonly #heartbeat = new Heartbeat({ ping: () => this.#send('backend/ping', {}), onDeaf: () => this.#dropDeaf() });
  readonly #restarts = new Restarts();
  readonly #closing = new AbortController();
  readonly #handlers = new Map<Notification, Set<(params: never) => void>>();
  #library: ClientLibrary | undefined;
  #client: LanguageClient | undefined;
  #isStarted = false;
  #socket: Socket | undefined;
  #restartAskedFor = false;
  #connection: Connection = { phase: 'off', detail: '' };

  constructor(deps: BackendDeps) {
    this.#deps = deps;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get onDidChangeConnection(): Event<Connection> {
    return this.#changed.event;
  }

  /** Makes the connection if nothing has yet; returns at once. */
  start(): void {
    if (this.#isStarted || this.#closing.signal.aborted) return;
    this.#isStarted = true;
    void this.#load();
  }

  /** Starts, or waits for the connection that is being made; rejects with one `unavailable` whatever went wrong. */
  async call<M extends Method>(method: M, params: Input<M>, token?: CancellationToken): Promise<Result<M>> {
    this.start();
    if (!(await this.#isConnected())) throw this.#connection.failure ?? backendAway(l10n.t);
    const socket = this.#socket;
    try {
      return await this.#send(method, params, token);
    } catch (error) {
      // Asked a moment after the backend died and before that was noticed: it never left, so it waits like any other.
      if (wasNeverSent(error) && (await this.#isReplaced(socket))) return this.call(method, params, token);
      throw toAgorError(error, l10n.t);
    }
  }

  on<N extends Notification>(notification: N, handler: (params: NotificationParams<N>) => void): Disposable {
    const handlers = this.#handlers.get(notification) ?? new Set();
    this.#handlers.set(notification, handlers);
    handlers.add(handler);
    return { dispose: () => handlers.delete(handler) };
  }

  /** What a person asks for: ends the backend if it answers, forgets earlier failures, connects at once. */
  async restart(): Promise<void> {
    if (!this.#client) return this.start();
    this.#restarts.forgive();
    if (this.#connection.phase !== 'connected') return;
    const socket = this.#socket;
    this.#restartAskedFor = true;
    this.#become('away', l10n.t('The backend is being restarted'));
    // It hangs up when it no longer listens: attaching before that would reach the one that is about to end.
    const timer = setTimeout(() => socket?.destroy(), hangUpTimeoutMs);
    socket?.once('close', () => clearTimeout(timer));
    // A refusal is no news: whatever it answers, its connection ends here.
    await this.#send('backend/stop', {}).catch((error: unknown) => this.#deps.log.debug(`backend/stop: ${String(error)}`));
  }

  /** Lets go of the backend, which lives on. Afterwards this object is of no use. */
  async stop(): Promise<void> {
    this.#closing.abort();
    this.#heartbeat.stop();
    this.#restarts.forgive();
    const client = this.#client;
    // Stopping a client that is not running rejects, and one that is starting is ended by its socket.
    if (client && client.state === this.#library?.State.Running) await client.stop(500).catch(() => {});
    this.#socket?.destroy();
    this.#changed.dispose();
  }

  /** Reading the library takes as long as reading all of ours, and VS Code waits for what is being activated. */
  async #load(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#library = await import('vscode-languageclient/node');
    if (!this.#closing.signal.aborted) this.#open(this.#library);
  }

  #open(library: ClientLibrary): void {
    const { LanguageClient, RevealOutputChannelOn, ErrorAction, CloseAction, State } = library;
    const client = new LanguageClient('agor', 'Agor', () => this.#attach(), {
      documentSelector: [{ scheme: 'file', pattern: '**/agor/groups.json' }],
      outputChannel: this.#deps.log,
      traceOutputChannel: untraced(this.#deps.log),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: async () => {
          await this.#lost();
          return { action: CloseAction.Restart, handled: true };
        },
      },
    });
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running && client === this.#client) this.#nowConnected();
    });
    for (const notification of notificationNames) client.onNotification(notification, (params) => this.#dispatch(notification, params));
    for (const method of clientMethods) {
      client.onRequest<unknown, unknown>(method, (params: unknown) => this.#answer(method, params).catch(asResponseError(library)));
    }
    client.start().catch((error: unknown) => this.#startFailed(client, error, library));
  }

  /** Never rejects: fails again and again inside, or stays pending once the window closes. */
  async #attach(): Promise<StreamInfo> {
    for (;;) {
      if (this.#closing.signal.aborted) return new Promise(() => {});
      this.#become('connecting', l10n.t('Looking for the backend'));
      const socket = await this.#tryConnect();
      if (socket) {
        this.#socket = socket;
        resumeWhenRead(socket);
        return { reader: socket, writer: socket, detached: true };
      }
    }
  }

  async #tryConnect(): Promise<Socket | undefined> {
    try {
      return await this.#deps.connect(this.#closing.signal, (text) => this.#become('connecting', text));
    } catch (error) {
      const failure = toAgorError(error, l10n.t);
      this.#deps.log.error(`The backend cannot be reached (${failure.code}): ${failure.message}`);
      await this.#pause(failure);
      return undefined;
    }
  }

  async #lost(): Promise<void> {
    this.#heartbeat.stop();
    this.#socket?.destroy();
    if (this.#closing.signal.aborted) return;
    const isAskedFor = this.#restartAskedFor;
    this.#restartAskedFor = false;
    if (isAskedFor) return;
    this.#deps.log.warn('The connection to the backend was lost.');
    await this.#pause(backendAway(l10n.t));
  }

  /** Waits until it is time to try again: by the policy, or when a person asks for it. */
  async #pause(failure: AgorError): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const decision = lastingFailures.has(failure.code) ? ({ kind: 'giveUp' } as const) : this.#restarts.next(Date.now());
    if (decision.kind === 'restart') {
      this.#become('away', l10n.t('The backend is away; next try in {0} s', Math.round(decision.delayMs / 1000)));
      return this.#restarts.wait(decision.delayMs);
    }
    this.#set({ phase: 'failed', detail: failure.message, failure });
    await this.#restarts.waitForPerson();
  }

  /** A client whose start failed for good is dropped for a new one; one that restarts by itself is left alone. */
  async #startFailed(client: LanguageClient, error: unknown, library: ClientLibrary): Promise<void> {
    this.#deps.log.debug(`start: ${error instanceof Error ? error.message : String(error)}`);
    if (client !== this.#client || client.state !== library.State.StartFailed) return;
    this.#socket?.destroy();
    await this.#pause(toAgorError(error, l10n.t));
    if (!this.#closing.signal.aborted) this.#open(library);
  }

  #nowConnected(): void {
    this.#set({ phase: 'connected', detail: '' });
    this.#heartbeat.start();
  }

  #dropDeaf(): void {
    this.#deps.log.warn('The backend did not answer its ping; the connection is dropped.');
    this.#socket?.destroy();
  }

  #send<M extends Method>(method: M, params: Input<M>, token?: CancellationToken): Promise<Result<M>> {
    if (!this.#client) return Promise.reject(backendAway(l10n.t));
    // The result is not parsed again: the handshake made sure that both ends are of one build.
    return this.#client.sendRequest<Result<M>>(method, params, token);
  }

  #answer<M extends ClientMethod>(method: M, params: unknown): Promise<ClientResult<M>> {
    // The schema of `method` is applied; the compiler cannot join the union of all methods to this one.
    return this.#deps.answers[method](clientRequests[method].params.parse(params) as ClientParams<M>);
  }

  #dispatch(notification: Notification, params: unknown): void {
    // The map pairs each name with handlers of its parameters, which `on` made sure of.
    for (const handler of this.#handlers.get(notification) ?? []) handler(params as never);
  }

  /** Whether another connection has come in the place of the one over `socket`. */
  async #isReplaced(socket: Socket | undefined): Promise<boolean> {
    if (this.#connection.phase === 'connected' && this.#socket === socket) this.#become('away', l10n.t('The backend is away'));
    return (await this.#isConnected()) && this.#socket !== socket;
  }

  async #isConnected(): Promise<boolean> {
    if (this.#connection.phase === 'connected') return true;
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve(this.#connection.phase === 'connected');
      };
      const timer = setTimeout(settle, waitForConnectionMs);
      const listener = this.#changed.event(({ phase }) => {
        if (phase === 'connected' || phase === 'failed') settle();
      });
      if (this.#connection.phase === 'failed') settle();
    });
  }

  #become(phase: ConnectionPhase, detail: string): void {
    this.#set({ phase, detail });
  }

  #set(connection: Connection): void {
    if (this.#closing.signal.aborted) return;
    this.#connection = connection;
    this.#changed.fire(connection);
  }
}

// `Object.keys` forgets that the keys of this constant are exactly the notifications.
const notificationNames = Object.keys(notifications) as Notification[];

// The same of the requests that a window answers.
const clientMethods = Object.keys(clientRequests) as ClientMethod[];

/** In its own words: the library would put its own before them. */
function asResponseError({ ResponseError }: ClientLibrary): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AgorError)) throw error;
    throw new ResponseError(rpcErrorCode, error.message, { code: error.code });
  };
}

/** The client writes what it sends and gets into its log where a setting says so; secrets are among it. */
function untraced(log: LogOutputChannel): LogOutputChannel {
  return { ...log, logLevel: LogLevel.Off, onDidChangeLogLevel: () => ({ dispose: () => {} }) };
}

/** The handshake leaves the socket paused, and a listener alone does not wake it. */
function resumeWhenRead(socket: Socket): void {
  socket.on('newListener', (event) => {
    if (event === 'data') process.nextTick(() => socket.resume());
  });
}
