/** A stand-in of Gemini's `generateContent` and `streamGenerateContent` on loopback, as Gemini CLI speaks them with a key. */
import type { ContentBlock, ModelMessage } from './model-script.ts';
import {
  type Dialect,
  pieces,
  type ReadRequest,
  type Spoken,
  type StandIn,
  type StandInOptions,
  type StreamPart,
  startStandIn,
} from './model-server.ts';
import { offeredTool, scriptTools } from './tool-names.ts';

type Part = { readonly text?: string; readonly thought?: boolean; readonly functionResponse?: { readonly response?: unknown } };
type Content = { readonly role?: string; readonly parts?: readonly Part[] };
type GeminiRequest = {
  readonly contents?: readonly Content[];
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
};

/** What every answer reports as used; the cached part is within the prompt's. */
export const geminiUsage = { promptTokenCount: 150, candidatesTokenCount: 20, cachedContentTokenCount: 50, totalTokenCount: 170 };

export function startGeminiApi(options: StandInOptions = {}): Promise<StandIn> {
  return startStandIn(dialect, options);
}

const generate = /\/models\/([^/:]+):(streamGenerateContent|generateContent)/;

const dialect: Dialect = {
  read: (path, body) => {
    const [, model, verb] = generate.exec(path) ?? [];
    // The stand-in's own client is the program under test, whose requests are of this shape.
    return model === undefined ? null : asRequest(body as GeminiRequest, { model, stream: verb === 'streamGenerateContent' });
  },
  key: ({ headers, url }) => String(headers['x-goog-api-key'] ?? new URL(url ?? '/', 'http://localhost').searchParams.get('key') ?? ''),
  stream: chunks,
  whole: (answer, { offered }) => response([...texts(answer), ...calls(answer, offered)], 'STOP'),
  error: (status) => ({ error: { code: status, ...(errors[status] ?? { message: 'Internal error encountered.', status: 'INTERNAL' }) } }),
  wrongKey: {
    status: 400,
    body: { error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } },
  },
};

/** As Google's own service says them. */
const errors: Readonly<Record<number, object>> = {
  400: { message: 'Request contains an invalid argument.', status: 'INVALID_ARGUMENT' },
  404: { message: 'The model is not found.', status: 'NOT_FOUND' },
  429: { message: 'Resource exhausted. Please try again later.', status: 'RESOURCE_EXHAUSTED' },
  503: { message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' },
};

function asRequest({ contents = [], tools = [] }: GeminiRequest, rest: { model: string; stream: boolean }): ReadRequest {
  const offered = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name));
  return { ...rest, messages: contents.flatMap(asMessage), tools: scriptTools(JSON.stringify(contents), offered), offered };
}

function asMessage({ role, parts = [] }: Content): ModelMessage[] {
  if (role !== 'user') return [];
  const blocks = parts.flatMap(({ text, functionResponse }): ContentBlock[] => {
    if (functionResponse) return [{ type: 'tool_result', content: JSON.stringify(functionResponse.response) }];
    return text === undefined ? [] : [{ type: 'text', text }];
  });
  return blocks.length === 0 ? [] : [{ role, content: blocks }];
}

function chunks(answer: Spoken, { offered }: ReadRequest): StreamPart[] {
  const part = (body: object, isText = false): StreamPart => ({ data: JSON.stringify(body), isText });
  return [
    ...texts(answer).flatMap(({ text, ...rest }) =>
      pieces(text).map((piece) => part(response([{ ...rest, text: piece }]), rest.thought !== true)),
    ),
    part(response(calls(answer, offered), 'STOP')),
  ];
}

function texts(answer: Spoken): { text: string; thought?: boolean }[] {
  if (answer.kind === 'tool') return answer.text === null ? [] : [{ text: answer.text }];
  return [...(answer.thinking === null ? [] : [{ text: answer.thinking, thought: true }]), { text: answer.text }];
}

function calls(answer: Spoken, offered: readonly string[]): object[] {
  if (answer.kind !== 'tool') return [];
  return [{ functionCall: { name: offeredTool(answer.name, offered) ?? answer.name, args: answer.input } }];
}

function response(parts: readonly object[], finishReason?: string): object {
  const candidate = { index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) };
  return { candidates: [candidate], usageMetadata: geminiUsage, modelVersion: 'stand-in' };
}
