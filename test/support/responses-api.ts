/**
 * A stand-in of the OpenAI Responses API on loopback, as Codex speaks it. What it answers is the same script as that of
 * the other stand-in (see `model-script.ts`), in Codex's own tools: `bash` runs a command, `write` and `edit` patch a
 * file, `tool mcp__server__name {…}` calls a tool of a server.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, answerTo, type ModelMessage, type ModelRequest } from './model-script.ts';

type InputItem = {
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly output?: unknown;
};
type ResponsesRequest = { readonly model?: string; readonly input: readonly InputItem[] };
type OutputItem = { readonly type: string; readonly [key: string]: unknown };

export type ResponsesApi = {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly ResponsesRequest[];
  /** What came as authorization with each of them. */
  readonly keys: readonly string[];
  close(): Promise<void>;
};

export type ResponsesApiOptions = {
  /** Awaited before each part of a `long` answer. */
  readonly pace?: (part: number) => Promise<void>;
  /** A key that is not accepted is answered with 401; every one is unless given. */
  readonly accepts?: (key: string) => boolean;
  /** What an `error` says beside its status. */
  readonly errorBody?: (status: number) => object;
};

/** What every answer reports as used. */
export const tokensPerAnswer = { input_tokens: 100, input_tokens_details: { cached_tokens: 50 }, output_tokens: 20, total_tokens: 120 };

const wrongKey = { message: 'Incorrect API key provided: not-a-key.', type: 'invalid_request_error', code: 'invalid_api_key' };
const charsPerDelta = 12;
const cutAfterMs = 50;
let count = 0;

export async function startResponsesApi({
  pace = async () => {},
  errorBody = () => ({}),
  accepts = () => true,
}: ResponsesApiOptions = {}): Promise<ResponsesApi> {
  const requests: ResponsesRequest[] = [];
  const keys: string[] = [];
  const server = createServer((incoming, response) => {
    // The client goes away whenever it is interrupted; nobody is left to answer then.
    response.on('error', () => {});
    handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    if (incoming.method !== 'POST' || !incoming.url?.endsWith('/responses')) return sendJson(response, 404, {});
    // The stand-in's own client is the program under test, whose requests are of this shape.
    const request = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ResponsesRequest;
    keys.push(String(incoming.headers.authorization ?? ''));
    const key = String(incoming.headers.authorization ?? '').replace(/^Bearer /, '');
    if (!accepts(key)) return sendJson(response, 401, { error: wrongKey });
    requests.push(request);
    const answer = answerTo(asMessages(request));
    if (answer.kind === 'hang') return;
    if (answer.kind !== 'error') return stream(answer, { response, pace });
    const error = { message: `The stand-in was asked for ${answer.status}.`, type: 'error', code: null, ...errorBody(answer.status) };
    sendJson(response, answer.status, { error });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // Never a string: it listens on TCP.
  return {
    ...{ url: `http://127.0.0.1:${port}/v1`, requests, keys },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As the script reads it: what the person said and what tools gave back. Codex's own notes begin with a tag or a heading. */
function asMessages({ model, input }: ResponsesRequest): ModelRequest {
  const messages = input.flatMap((item): ModelMessage[] => {
    if (item.type.endsWith('_output')) return [{ role: 'user', content: [{ type: 'tool_result', content: textOf(item.output) }] }];
    if (item.type !== 'message' || item.role !== 'user') return [];
    const texts = (item.content ?? []).flatMap(({ text = '' }) => (/^\s*[<#]/.test(text) ? [] : [{ type: 'text', text }]));
    return texts.length === 0 ? [] : [{ role: 'user', content: texts }];
  });
  // It takes calls also of tools that it does not name to the model, so all of the script's are there.
  const called = JSON.stringify(messages).match(/mcp__\w+/g) ?? [];
  return {
    ...(model === undefined ? {} : { model }),
    messages,
    tools: ['Bash', 'Write', 'Edit', 'exec_command', 'request_user_input', ...called].map((name) => ({ name })),
  };
}

function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  return Array.isArray(output) ? output.map(({ text = '' }) => text).join('') : JSON.stringify(output);
}

type Exchange = { readonly response: ServerResponse; readonly pace: (part: number) => Promise<void> };

async function stream(answer: Exclude<Answer, { kind: 'hang' | 'error' }>, { response, pace }: Exchange): Promise<void> {
  const event = (data: { type: string; [key: string]: unknown }) =>
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  const id = `resp_${nextNumber()}`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  event({ type: 'response.created', response: { id } });
  for (const item of itemsOf(answer)) {
    event({ type: 'response.output_item.added', item: emptied(item) });
    for (const [part, delta] of deltasOf(item).entries()) {
      if (answer.kind === 'text' && answer.paced) await pace(part);
      if (response.destroyed) return;
      event(delta);
    }
    if (answer.kind === 'text' && answer.cut !== null) return cut(response);
    event({ type: 'response.output_item.done', item });
  }
  event({ type: 'response.completed', response: { id, usage: tokensPerAnswer } });
  response.end();
}

/** A reset overtakes what was sent just before it, so the client is given time to read that. */
async function cut(response: ServerResponse): Promise<void> {
  await delay(cutAfterMs);
  response.socket?.resetAndDestroy();
}

function itemsOf(answer: Exclude<Answer, { kind: 'hang' | 'error' }>): OutputItem[] {
  const said = (text: string) => ({
    type: 'message',
    id: `msg_${nextNumber()}`,
    role: 'assistant',
    content: [{ type: 'output_text', text }],
  });
  if (answer.kind === 'tool') return [...(answer.text === null ? [] : [said(answer.text)]), callOf(answer.name, answer.input)];
  if (answer.thinking === null) return [said(answer.text)];
  const summary = [{ type: 'summary_text', text: answer.thinking }];
  return [{ type: 'reasoning', id: `rs_${nextNumber()}`, summary }, said(answer.text)];
}

function callOf(name: string, input: unknown): OutputItem {
  const ids = { id: `fc_${nextNumber()}`, call_id: `call_${nextNumber()}` };
  // The script's own calls, whose inputs have these fields.
  const { command = '', file_path = '', content = '', old_string = '', new_string = '' } = input as Record<string, string>;
  if (name === 'Bash') return { type: 'function_call', ...ids, name: 'exec_command', arguments: JSON.stringify({ cmd: command }) };
  if (name === 'Write') return patchCall(ids, `*** Add File: ${file_path}\n+${content}`);
  if (name === 'Edit') return patchCall(ids, `*** Update File: ${file_path}\n@@\n-${old_string}\n+${new_string}`);
  const [, namespace = '', tool = name] = /^(mcp__\w+?)__(\w+)$/.exec(name) ?? [];
  return { type: 'function_call', ...ids, ...(namespace && { namespace }), name: tool, arguments: JSON.stringify(input) };
}

function patchCall(ids: object, body: string): OutputItem {
  return { type: 'custom_tool_call', ...ids, name: 'apply_patch', input: `*** Begin Patch\n${body}\n*** End Patch\n` };
}

function emptied(item: OutputItem): OutputItem {
  if (item.type === 'message') return { ...item, content: [] };
  return item.type === 'reasoning' ? { ...item, summary: [] } : item;
}

function deltasOf(item: OutputItem): { type: string; [key: string]: unknown }[] {
  // Both were made here.
  const { content = [], summary = [], id } = item as { content?: { text: string }[]; summary?: { text: string }[]; id?: string };
  return [
    ...summary.flatMap(({ text }) =>
      pieces(text).map((delta) => ({ ...{ type: 'response.reasoning_summary_text.delta', item_id: id }, summary_index: 0, delta })),
    ),
    ...content.flatMap(({ text }) => pieces(text).map((delta) => ({ type: 'response.output_text.delta', item_id: id, delta }))),
  ];
}

function pieces(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${charsPerDelta}}`, 'g')) ?? [];
}

/** Ids must differ within a thread; across processes of a resumed one the time keeps them apart. */
function nextNumber(): string {
  count += 1;
  return `${Date.now().toString(36)}${count.toString(36).padStart(4, '0')}`;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
