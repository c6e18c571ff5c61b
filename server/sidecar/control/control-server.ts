/**
 * The sidecar's HTTP server: on sockets of its own, and on a loopback port only when somebody asks for one. It knows
 * doors, tokens and bounds; what is answered stands in the routes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenOnOwnSocket } from './own-socket.ts';
import { asRefused } from './refusal.ts';
import { readBody } from './request-body.ts';
import { type Door, Refused, requireCaller } from './request-check.ts';
import { findRoute, type Route, type Routes } from './routes.ts';

type ControlServerDeps = {
  readonly routes: Routes;
  /** Takes over a connection that asks for the live stream; rejects with `Refused`. */
  readonly openMonitor: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const monitorPath = '/monitor';
const mostConnections = 64;
const mostLarge = 16;
const mostToldChars = 200;
const bounds = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

export class ControlServer {
  readonly #deps: ControlServerDeps;
  readonly #servers: Server[] = [];
  /** How many requests with a large body are being answered. */
  #large = 0;

  constructor(deps: ControlServerDeps) {
    this.#deps = deps;
  }

  /** Rejects with `conflict` or `storage` when the socket's place is not free. */
  async listen(path: string, door: Door): Promise<void> {
    await listenOnOwnSocket(this.#server(door), path);
  }

  /** For hooks that can only reach an address: resolves with the port. Nobody who does not ask gets one. */
  async listenOnLoopback(door: Pick<Door, 'authority' | 'token'>): Promise<number> {
    const address = { ...door, host: '' };
    const server = this.#server(address);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // A server that listens on a port has an address with one.
    const { port } = server.address() as AddressInfo;
    address.host = `127.0.0.1:${port}`;
    return port;
  }

  /** Live streams have ended before. */
  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  #server(door: Door): Server {
    const server = createServer(bounds, (request, response) => void this.#answer(door, request, response));
    server.maxConnections = mostConnections;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(door, request, socket, head));
    this.#servers.push(server);
    return server;
  }

  async #answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, 200, await this.#answerTo(door, request));
    } catch (error) {
      const { status, message, code } = this.#refused(request, error);
      send(response, status, { error: message, ...(code && { code }) });
    }
  }

  async #answerTo(door: Door, request: IncomingMessage): Promise<unknown> {
    requireCaller(request.headers, door);
    const { method = '' } = request;
    const path = pathOf(request);
    if (path === monitorPath) throw new Refused(400, `${monitorPath} is a WebSocket: ask for an upgrade.`);
    const { route, name } = findRoute(this.#deps.routes, { method, path, authority: door.authority });
    if (method !== 'POST') return route.answer({}, name);
    if (route.maxBytes === undefined)
      return route.answer(await readBody(request).catch(route.takesAnything ? () => ({}) : undefined), name);
    return this.#answerLarge(request, { ...route, maxBytes: route.maxBytes }, name);
  }

  /** What it holds meanwhile counts in millions of bytes, so only so many are taken at once. */
  async #answerLarge(request: IncomingMessage, route: Route & { readonly maxBytes: number }, name: string): Promise<unknown> {
    if (this.#large >= mostLarge)
      throw new Refused(503, `${mostLarge} calls of this agent are under way: try again when one is done.`, 'unavailable');
    this.#large += 1;
    try {
      return await route.answer(await readBody(request, route.maxBytes), name);
    } finally {
      this.#large -= 1;
    }
  }

  async #upgrade(door: Door, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Whoever hangs up is gone, and that is all.
    socket.on('error', () => socket.destroy());
    try {
      requireCaller(request.headers, door);
      if (pathOf(request) !== monitorPath) throw new Refused(400, `Only ${monitorPath} is a WebSocket.`);
      // The agent has no need of it, and shall not find out that way what a person sees.
      if (door.authority !== 'person') throw new Refused(403, `${monitorPath} is not for the ${door.authority}'s token.`);
      await this.#deps.openMonitor(request, socket, head);
    } catch (error) {
      const { status, message } = this.#refused(request, error);
      socket.end(rawAnswer(status, JSON.stringify({ error: message })));
    }
  }

  #refused(request: IncomingMessage, thrown: unknown): Refused {
    const error = asRefused(thrown);
    const told = { method: request.method, path: pathOf(request).slice(0, mostToldChars) };
    if (error instanceof Refused) {
      this.#deps.log('a request was refused', { ...told, status: error.status, why: error.message });
      return error;
    }
    this.#deps.log('a request failed', { ...told, err: error });
    return new Refused(500, 'That went wrong on our side; the log of the agent says how.');
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

function send(response: ServerResponse, status: number, content: unknown): void {
  const isText = typeof content === 'string';
  const body = isText ? content : JSON.stringify(content);
  response.writeHead(status, {
    'content-type': `${isText ? 'text/plain' : 'application/json'}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What of a refused request was not read stays unread.
    ...(status === 200 ? {} : { connection: 'close' }),
  });
  response.end(body);
}

function rawAnswer(status: number, body: string): string {
  const headers = [`content-length: ${Buffer.byteLength(body)}`, 'content-type: application/json; charset=utf-8', 'connection: close'];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', body].join('\r\n');
}
