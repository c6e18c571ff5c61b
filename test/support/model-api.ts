/**
 * A stand-in of the Anthropic Messages API on loopback: streamed and whole answers, token counts, and every way to
 * fail that a script word names (see `model-script.ts`). Each request is answered from itself alone.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, answerTo, type ModelRequest } from './model-script.ts';

export type ModelApi = {
  /** The value of ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Every request for an answer so far, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** The key that came with each of them, refused ones included. */
  readonly keys: readonly string[];
  close(): Promise<void>;
};

export type ModelApiOptions = {
  /** Awaited before each part of a `long` answer; 20 ms unless given. */
  readonly pace?: (part: number) => Promise<void>;
  /** What each answer reports as used; `usagePerAnswer` unless given. */
  readonly usage?: typeof usagePerAnswer;
  /** A key that is not accepted is answered with 401; every one is unless given. */
  readonly accepts?: (key: string) => boolean;
  /** What an `error` says instead of its own words; null leaves those. */
  readonly errorBody?: (status: number) => object | null;
};

type Exchange = {
  readonly request: ModelRequest;
  readonly response: ServerResponse;
  readonly pace: (part: number) => Promise<void>;
  readonly usage: typeof usagePerAnswer;
  readonly errorBody: ModelApiOptions['errorBody'];
};

/** What every answer reports as used, so that totals can be computed by a test. */
export const usagePerAnswer = { input_tokens: 100, cache_read_input_tokens: 50, cache_creation_input_tokens: 0, output_tokens: 20 };

const defaultPaceMs = 20;
const cutAfterMs = 50;
const charsPerDelta = 12;
let answers = 0;

export async function startModelApi(options: ModelApiOptions = {}): Promise<ModelApi> {
  const requests: ModelRequest[] = [];
  const keys: string[] = [];
  const { pace = () => delay(defaultPaceMs), usage = usagePerAnswer } = options;
  const server = createServer((incoming, response) => {
    // The client goes away whenever it is interrupted; nobody is left to answer then.
    response.on('error', () => {});
    handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    const body = await readBody(incoming);
    if (incoming.method === 'POST' && pathname === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 100 });
    if (incoming.method !== 'POST' || pathname !== '/v1/messages') return sendError(response, 404);
    const key = String(incoming.headers['x-api-key'] ?? '');
    keys.push(key);
    if (options.accepts?.(key) === false) return sendError(response, 401);
    // The stand-in's own client is the program under test, whose requests are of this shape.
    const request = JSON.parse(body) as ModelRequest;
    requests.push(request);
    await send(answerTo(request), { request, response, pace, usage, errorBody: options.errorBody });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // Never a string: it listens on TCP.
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    keys,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function send(answer: Answer, exchange: Exchange): Promise<void> {
  if (answer.kind === 'hang') return;
  if (answer.kind === 'error') return sendError(exchange.response, answer.status, exchange.errorBody?.(answer.status));
  if (exchange.request.stream) return stream(answer, exchange);
  if (answer.kind === 'text' && answer.cut === 'all') return cut(exchange.response);
  sendJson(exchange.response, 200, { ...emptyMessage(exchange), content: contentOf(answer), stop_reason: stopReason(answer) });
}

async function stream(answer: Exclude<Answer, { kind: 'hang' | 'error' }>, exchange: Exchange): Promise<void> {
  const { response, pace, usage } = exchange;
  const event = (data: { type: string; [key: string]: unknown }) =>
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  event({ type: 'message_start', message: emptyMessage(exchange) });
  for (const [index, block] of contentOf(answer).entries()) {
    event({ type: 'content_block_start', index, content_block: startOf(block) });
    for (const [part, delta] of deltasOf(block).entries()) {
      if (answer.kind === 'text' && answer.paced) await pace(part);
      if (response.destroyed) return;
      event({ type: 'content_block_delta', index, delta });
    }
    if (answer.kind === 'text' && answer.cut !== null) return cut(response);
    event({ type: 'content_block_stop', index });
  }
  event({ type: 'message_delta', delta: { stop_reason: stopReason(answer), stop_sequence: null }, usage });
  event({ type: 'message_stop' });
  response.end();
}

/** A reset overtakes what was sent just before it, so the client is given time to read that. */
async function cut(response: ServerResponse): Promise<void> {
  if (response.headersSent) await delay(cutAfterMs);
  response.socket?.resetAndDestroy();
}

type Block = { type: 'text'; text: string } | { type: 'thinking'; thinking: string } | ToolUse;
type ToolUse = { type: 'tool_use'; id: string; name: string; input: unknown };

function contentOf(answer: Exclude<Answer, { kind: 'hang' | 'error' }>): Block[] {
  if (answer.kind === 'tool') {
    const call: Block = { type: 'tool_use', id: `toolu_${nextNumber()}`, name: answer.name, input: answer.input };
    return answer.text === null ? [call] : [{ type: 'text', text: answer.text }, call];
  }
  const text: Block = { type: 'text', text: answer.text };
  return answer.thinking === null ? [text] : [{ type: 'thinking', thinking: answer.thinking }, text];
}

function startOf(block: Block): object {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { ...block, input: {} };
}

function deltasOf(block: Block): object[] {
  if (block.type === 'text') return pieces(block.text).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'tool_use')
    return pieces(JSON.stringify(block.input)).map((json) => ({ type: 'input_json_delta', partial_json: json }));
  return [
    ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: 'c2lnbmF0dXJl' },
  ];
}

function pieces(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${charsPerDelta}}`, 'g')) ?? [];
}

function stopReason(answer: Answer): string {
  return answer.kind === 'tool' ? 'tool_use' : 'end_turn';
}

function emptyMessage({ request, usage }: Exchange): object {
  return {
    id: `msg_${nextNumber()}`,
    type: 'message',
    role: 'assistant',
    model: request.model ?? 'stand-in',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
}

/** Ids must differ within a conversation; across processes of a resumed one the time keeps them apart. */
function nextNumber(): string {
  answers += 1;
  return `${Date.now().toString(36)}${answers.toString(36).padStart(4, '0')}`;
}

function sendError(response: ServerResponse, status: number, body?: object | null): void {
  if (body) return sendJson(response, status, body);
  const types: Record<number, string> = {
    401: 'authentication_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  sendJson(response, status, {
    type: 'error',
    error: { type: types[status] ?? 'api_error', message: `The stand-in was asked for ${status}.` },
  });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${nextNumber()}` });
  response.end(JSON.stringify(body));
}
