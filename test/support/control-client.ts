/** Requests to a sidecar's control server, over its socket or a port, as any HTTP client would make them. */
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export type Place = { readonly socketPath: string } | { readonly port: number };
export type Reply = {
  readonly status: number;
  readonly json: unknown;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
};

type Wish = {
  readonly method?: string;
  readonly path: string;
  readonly token?: string | undefined;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
};

export async function askControl(place: Place, { method = 'GET', path, token, headers = {}, body }: Wish): Promise<Reply> {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const asked = request({
    ...place,
    host: '127.0.0.1',
    method,
    path,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
      ...headers,
    },
  });
  asked.end(sent);
  const [response] = (await once(asked, 'response')) as [IncomingMessage]; // As the event's documentation has it.
  const answered = await text(response);
  return { status: response.statusCode ?? 0, json: asJson(answered), text: answered, headers: response.headers };
}

/** A reader of the live stream: what came so far, and how it ended. */
export class MonitorReader {
  readonly lines: Record<string, unknown>[] = [];
  readonly raw: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: WebSocket;
  #onLine: () => void = () => {};

  constructor(socketPath: string, token: string, path = '/monitor') {
    this.socket = new WebSocket(`ws://localhost${path}`, {
      createConnection: () => connect(socketPath),
      headers: { authorization: `Bearer ${token}` },
    });
    this.socket.on('message', (data) => {
      this.raw.push(String(data));
      this.lines.push(JSON.parse(String(data)));
      this.#onLine();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    // How it was refused is told by what `refused` resolves with.
    this.socket.on('error', () => {});
  }

  /** Resolves with the first line of which the claim holds. */
  async until(claim: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find(claim);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#onLine = resolve;
      });
    }
  }

  /** The status that the upgrade was refused with. */
  async refused(): Promise<number> {
    const [, response] = (await once(this.socket, 'unexpected-response')) as [unknown, IncomingMessage]; // As documented.
    response.resume();
    return response.statusCode ?? 0;
  }
}

function asJson(answered: string): unknown {
  try {
    return JSON.parse(answered);
  } catch {
    return undefined;
  }
}
