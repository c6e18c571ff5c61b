/**
 * The panel that hosts this page, as seen from the page: typed requests, notifications and the state of the connection
 * behind it. The panel always answers a request, also when the backend is away.
 */
import type { ErrorCode } from '../../server/protocol/errors.ts';
import type { Notification, NotificationParams } from '../../server/protocol/notifications.ts';
import type { Input, Method, Result } from '../../server/protocol/requests.ts';
import type { FromWebview, ToWebview, webviewProtocolVersion } from '../../server/protocol/webview.ts';
import type { VsCodeApi } from './vscode-api.ts';

const protocolVersion: typeof webviewProtocolVersion = 1;

/** A refusal, with the sentence that says what to do. */
export class RequestFailure extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'RequestFailure';
    this.code = code;
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export interface HostDeps {
  api: Pick<VsCodeApi, 'postMessage'>;
  /** Where the panel's messages arrive: the window. */
  target: Pick<EventTarget, 'addEventListener'>;
}

type MessageOf<T extends ToWebview['type']> = Extract<ToWebview, { type: T }>;
type PanelMessage = Exclude<ToWebview['type'], 'response' | 'failure' | 'notification'>;
type Listener = (value: unknown) => void;
type Waiting = { resolve: Listener; reject: (failure: RequestFailure) => void };

export class Host {
  readonly #deps: HostDeps;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #lastId = 0;

  constructor(deps: HostDeps) {
    this.#deps = deps;
  }

  /** Begins to listen and asks the panel for `init`; subscribe before. */
  start(): void {
    this.#deps.target.addEventListener('message', (event) => {
      if (event instanceof MessageEvent) this.#receive(event.data);
    });
    this.post({ type: 'ready', version: protocolVersion });
  }

  request<M extends Method>(method: M, params: Input<M>): Promise<Result<M>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.post({ type: 'request', id, method, params });
    // Not checked again: backend, panel and page are of one build, and the panel passes on the answer of this very method.
    return answer as Promise<Result<M>>;
  }

  subscribe<N extends Notification>(method: N, listener: (params: NotificationParams<N>) => void): () => void {
    // Not checked again: backend, panel and page are of one build, and the listener is filed under its own notification.
    return this.#listen(`notification:${method}`, listener as Listener);
  }

  on<T extends PanelMessage>(type: T, listener: (message: MessageOf<T>) => void): () => void {
    // The type of the message is the key it is filed under.
    return this.#listen(type, listener as Listener);
  }

  post(message: FromWebview): void {
    this.#deps.api.postMessage(message);
  }

  #listen(key: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #receive(data: unknown): void {
    if (typeof data !== 'object' || data === null || !('type' in data)) return;
    // Only the panel can post to this page, and it is of the same build.
    const message = data as ToWebview;
    if (message.type === 'response') return this.#take(message.id)?.resolve(message.result);
    if (message.type === 'failure') return this.#take(message.id)?.reject(new RequestFailure(message.code, message.message));
    if (message.type === 'notification') return this.#tell(`notification:${message.method}`, message.params);
    this.#tell(message.type, message);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #tell(key: string, value: unknown): void {
    for (const listener of this.#listeners.get(key) ?? []) listener(value);
  }
}
