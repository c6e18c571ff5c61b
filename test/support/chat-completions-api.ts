/**
 * A stand-in of the OpenAI Chat Completions API on loopback, as OpenCode, Ollama's clients and many others speak it.
 * `url` is that of the server; programs want it with `/v1`.
 */
import type { Answer, ModelMessage } from './model-script.ts';
import {
  type Dialect,
  nextNumber,
  pieces,
  type ReadRequest,
  type Spoken,
  type StandIn,
  type StandInOptions,
  type StreamPart,
  startStandIn,
} from './model-server.ts';
import { offeredTool, scriptTools } from './tool-names.ts';

type ChatMessage = { readonly role: string; readonly content?: unknown };
type ChatRequest = {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
};

/** What every answer reports as used; the cached part is within the prompt's. */
export const chatUsage = {
  prompt_tokens: 150,
  completion_tokens: 20,
  total_tokens: 170,
  prompt_tokens_details: { cached_tokens: 50 },
};

export function startChatCompletionsApi(options: StandInOptions = {}): Promise<StandIn> {
  return startStandIn(dialect, options);
}

const dialect: Dialect = {
  // The stand-in's own client is the program under test, whose requests are of this shape.
  read: (path, body) => (path.endsWith('/chat/completions') ? asRequest(body as ChatRequest) : null),
  key: ({ headers }) => String(headers.authorization ?? '').replace(/^Bearer /, ''),
  stream: (answer, request) => [...chunks(answer, request), { data: '[DONE]', isText: false }],
  whole: (answer, { model, offered }) => ({
    ...envelope('chat.completion', model),
    choices: [{ index: 0, message: messageOf(answer, offered), finish_reason: finishReason(answer) }],
    usage: chatUsage,
  }),
  error: (status) => ({ error: errors[status] ?? { message: `The stand-in was asked for ${status}.`, type: 'server_error', code: null } }),
  wrongKey: {
    status: 401,
    body: { error: { message: 'Incorrect API key provided: not-a-key.', type: 'invalid_request_error', code: 'invalid_api_key' } },
  },
};

/** As OpenAI's own service says them. */
const errors: Readonly<Record<number, object>> = {
  400: { message: 'The stand-in was asked for 400.', type: 'invalid_request_error', code: null },
  429: { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' },
  503: { message: 'The engine is currently overloaded, please try again later.', type: 'server_error', code: null },
};

function asRequest({ model, stream, messages, tools = [] }: ChatRequest): ReadRequest {
  const offered = tools.map(({ function: { name } }) => name);
  return {
    ...(model === undefined ? {} : { model }),
    stream: stream === true,
    messages: messages.flatMap(asMessage),
    tools: scriptTools(JSON.stringify(messages), offered),
    offered,
  };
}

function asMessage({ role, content }: ChatMessage): ModelMessage[] {
  if (role === 'tool') return [{ role: 'user', content: [{ type: 'tool_result', content }] }];
  if (role !== 'user') return [];
  return [{ role, content: typeof content === 'string' ? content : ((content ?? []) as { type: string; text?: string }[]) }];
}

function chunks(answer: Spoken, { model, offered }: ReadRequest): StreamPart[] {
  const chunk = (delta: object, finish: string | null = null) =>
    JSON.stringify({ ...envelope('chat.completion.chunk', model), choices: [{ index: 0, delta, finish_reason: finish }] });
  const part = (data: string, isText = false): StreamPart => ({ data, isText });
  const { content = '', reasoning_content = '', tool_calls = [] } = messageOf(answer, offered);
  return [
    part(chunk({ role: 'assistant', content: '' })),
    ...pieces(reasoning_content).map((text) => part(chunk({ reasoning_content: text }))),
    ...pieces(content).map((text) => part(chunk({ content: text }), true)),
    ...tool_calls.map((call, index) => part(chunk({ tool_calls: [{ index, ...call }] }))),
    part(chunk({}, finishReason(answer))),
    part(JSON.stringify({ ...envelope('chat.completion.chunk', model), choices: [], usage: chatUsage })),
  ];
}

type Said = { readonly role: 'assistant'; readonly content?: string; readonly reasoning_content?: string; readonly tool_calls?: object[] };

function messageOf(answer: Spoken, offered: readonly string[]): Said {
  if (answer.kind === 'text') {
    return { role: 'assistant', content: answer.text, ...(answer.thinking === null ? {} : { reasoning_content: answer.thinking }) };
  }
  const name = offeredTool(answer.name, offered) ?? answer.name;
  const call = { id: `call_${nextNumber()}`, type: 'function', function: { name, arguments: JSON.stringify(answer.input) } };
  return { role: 'assistant', ...(answer.text === null ? {} : { content: answer.text }), tool_calls: [call] };
}

function finishReason(answer: Answer): string {
  return answer.kind === 'tool' ? 'tool_calls' : 'stop';
}

function envelope(object: string, model = 'stand-in'): object {
  return { id: `chatcmpl-${nextNumber()}`, object, created: Math.floor(Date.now() / 1_000), model };
}
