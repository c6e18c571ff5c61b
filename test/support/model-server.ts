/**
 * The part that stand-ins of model APIs share: a server on loopback that reads a request, lets the script decide what is
 * answered (see `model-script.ts`), and sends that as a stream of server-sent events in the words of one API.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, answerTo, type ModelRequest } from './model-script.ts';

export type Spoken = Exclude<Answer, { kind: 'hang' | 'error' }>;

/** One event of a stream. Those of the text of a `long` answer wait for the test. */
export type StreamPart = { readonly data: string; readonly isText: boolean };

/** As the script reads it, and the tools by the program's own names. */
export type ReadRequest = ModelRequest & { readonly offered: readonly string[] };

export type Dialect = {
  /** Null for a request that is none for an answer. */
  read(path: string, body: unknown): ReadRequest | null;
  /** The key that came with it. */
  key(incoming: IncomingMessage): string;
  stream(answer: Spoken, request: ReadRequest): readonly StreamPart[];
  /** The whole answer, for whoever does not stream. */
  whole(answer: Spoken, request: ReadRequest): object;
  error(status: number): object;
  /** What its service answers to a key that it does not accept. */
  readonly wrongKey: { readonly status: number; readonly body: object };
};

export type StandInOptions = {
  /** Awaited before each part of a `long` answer. */
  readonly pace?: (part: number) => Promise<void>;
  /** Every key is accepted unless given. */
  readonly accepts?: (key: string) => boolean;
  /** What an `error` says instead of the dialect's own words; null leaves those. */
  readonly errorBody?: (status: number) => object | null;
};

export type StandIn = {
  readonly url: string;
  /** Every request for an answer so far, oldest first, as the program sent it. */
  readonly bodies: readonly unknown[];
  /** The key that came with each request, refused ones included. */
  readonly keys: readonly string[];
  close(): Promise<void>;
};

const charsPerDelta = 12;
/** A reset overtakes what was sent just before it, so the client is given time to read that. */
const cutAfterMs = 50;
let count = 0;

export async function startStandIn(dialect: Dialect, options: StandInOptions = {}): Promise<StandIn> {
  const bodies: unknown[] = [];
  const keys: string[] = [];
  const server = createServer((incoming, response) => {
    // The client goes away whenever it is interrupted; nobody is left to answer then.
    response.on('error', () => {});
    handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse((await bodyOf(incoming)) || '{}');
    const request = incoming.method === 'POST' ? dialect.read(incoming.url ?? '/', body) : null;
    if (request === null) return sendError(404);
    const key = dialect.key(incoming);
    keys.push(key);
    if (options.accepts?.(key) === false) return sendJson(response, dialect.wrongKey.status, dialect.wrongKey.body);
    bodies.push(body);
    const answer = answerTo(request);
    if (answer.kind === 'hang') return;
    if (answer.kind === 'error') return sendError(answer.status);
    if (request.stream) return send(dialect.stream(answer, request), answer, { response, pace: options.pace });
    sendJson(response, 200, dialect.whole(answer, request));

    function sendError(status: number): void {
      sendJson(response, status, options.errorBody?.(status) ?? dialect.error(status));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // Never a string: it listens on TCP.
  return {
    ...{ url: `http://127.0.0.1:${port}`, bodies, keys },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The answer's words as the deltas of a stream. */
export function pieces(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${charsPerDelta}}`, 'g')) ?? [];
}

/** Ids must differ within a conversation; across processes of a resumed one the time keeps them apart. */
export function nextNumber(): string {
  count += 1;
  return `${Date.now().toString(36)}${count.toString(36).padStart(4, '0')}`;
}

type Exchange = { readonly response: ServerResponse; readonly pace: StandInOptions['pace'] };

async function send(parts: readonly StreamPart[], answer: Spoken, { response, pace }: Exchange): Promise<void> {
  const isCut = answer.kind === 'text' && answer.cut !== null;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let paced = 0;
  for (const { data, isText } of parts) {
    if (isText && answer.kind === 'text' && answer.paced) await pace?.(paced++);
    if (response.destroyed) return;
    response.write(`data: ${data}\n\n`);
    if (isCut && isText) return cut(response);
  }
  response.end();
}

async function cut(response: ServerResponse): Promise<void> {
  await delay(cutAfterMs);
  response.socket?.resetAndDestroy();
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Programs try again by themselves, and would wait for minutes if the service did not say how long. */
function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(status >= 429 && { 'retry-after-ms': '20' }) });
  response.end(JSON.stringify(body));
}
