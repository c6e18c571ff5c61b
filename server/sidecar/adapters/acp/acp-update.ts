/**
 * What is read of an ACP `session/update`. More lenient than the protocol's own schema: a field of the wrong type is
 * taken as absent, so that an agent of another version loses a detail and not the whole message.
 */
import * as z from 'zod/mini';

const text = z.catch(z.optional(z.nullable(z.string())), undefined);
const count = z.number().check(z.nonnegative());

export const ContentBlock = z.object({
  type: z.string(),
  text,
  uri: text,
  name: text,
  mimeType: text,
  resource: z.catch(z.optional(z.object({ uri: text, text })), undefined),
});
export type ContentBlock = z.infer<typeof ContentBlock>;

const ToolCallContent = z.union([
  z.object({ type: z.literal('content'), content: ContentBlock }),
  z.object({ type: z.literal('diff'), path: z.string(), oldText: text, newText: z.string() }),
  z.object({ type: z.string() }),
]);
export type ToolCallContent = z.infer<typeof ToolCallContent>;

/** A tool call and its updates have the same fields; permission requests carry one too. */
const toolFields = {
  toolCallId: z.string(),
  title: text,
  name: text,
  kind: text,
  status: text,
  content: z.catch(z.optional(z.nullable(z.array(ToolCallContent))), undefined),
  locations: z.catch(
    z.optional(z.nullable(z.array(z.object({ path: z.string(), line: z.catch(z.optional(z.nullable(z.number())), undefined) })))),
    undefined,
  ),
  rawInput: z.optional(z.unknown()),
  rawOutput: z.optional(z.unknown()),
};
export const ToolFields = z.object(toolFields);
export type ToolFields = z.infer<typeof ToolFields>;

export const AcpUpdate = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), content: ContentBlock, messageId: text }),
  z.object({ sessionUpdate: z.literal('agent_thought_chunk'), content: ContentBlock, messageId: text }),
  z.object({ sessionUpdate: z.literal('tool_call'), ...toolFields }),
  z.object({ sessionUpdate: z.literal('tool_call_update'), ...toolFields }),
  z.object({ sessionUpdate: z.literal('plan'), entries: z.array(z.object({ content: z.string(), status: z.string() })) }),
  z.object({
    sessionUpdate: z.literal('usage_update'),
    used: count,
    size: count,
    cost: z.catch(z.optional(z.nullable(z.object({ amount: count, currency: z.string() }))), undefined),
  }),
  z.object({ sessionUpdate: z.literal('notice'), severity: z.string(), title: z.string(), description: text }),
]);
export type AcpUpdate = z.infer<typeof AcpUpdate>;

const SessionUpdateParams = z.object({ sessionId: z.string(), update: AcpUpdate });
export type SessionUpdate = z.infer<typeof SessionUpdateParams>;

/** Null for a kind that this version does not know, or one that shows nothing. */
export function readUpdate(params: unknown): SessionUpdate | null {
  return textUpdate(params) ?? SessionUpdateParams.safeParse(params).data ?? null;
}

/** Nearly all that comes are pieces of text, and the schema would take several times as long to find the same. */
function textUpdate(params: unknown): SessionUpdate | null {
  if (!isObject(params) || typeof params.sessionId !== 'string' || !isObject(params.update)) return null;
  const { sessionUpdate, content, messageId } = params.update;
  if (sessionUpdate !== 'agent_message_chunk' && sessionUpdate !== 'agent_thought_chunk') return null;
  if (!isObject(content) || content.type !== 'text' || typeof content.text !== 'string') return null;
  const named = typeof messageId === 'string' ? messageId : undefined;
  return { sessionId: params.sessionId, update: { sessionUpdate, content: { type: 'text', text: content.text }, messageId: named } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Unstable in the protocol, sent by some: the tokens of one prompt, in the answer to it. */
const PromptUsage = z.object({
  usage: z.object({
    inputTokens: count,
    outputTokens: count,
    cachedReadTokens: z.catch(z.optional(z.nullable(count)), undefined),
    cachedWriteTokens: z.catch(z.optional(z.nullable(count)), undefined),
  }),
});
export type PromptUsage = z.infer<typeof PromptUsage>['usage'];

/** Gemini CLI tells them beside the protocol, those from its cache among the rest. */
const Quota = z.object({
  _meta: z.object({ quota: z.object({ token_count: z.object({ input_tokens: count, output_tokens: count }) }) }),
});

/** Null where the answer to a prompt tells no tokens. */
export function promptUsage(answer: unknown): PromptUsage | null {
  const told = PromptUsage.safeParse(answer);
  if (told.success) return told.data.usage;
  const tokens = Quota.safeParse(answer).data?._meta.quota.token_count;
  return tokens === undefined ? null : { inputTokens: tokens.input_tokens, outputTokens: tokens.output_tokens };
}
