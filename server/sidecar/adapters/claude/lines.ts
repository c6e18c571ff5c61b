/**
 * The lines that Claude Code prints (stream-json), as far as they mean something to us. Unknown kinds of lines and
 * unknown fields are normal and ignored; a field of an unexpected shape counts as absent, so that no surprise in a
 * detail can cost us the end of a turn.
 */
import * as z from 'zod/mini';
import { type Frame, readFrame } from '../../agent-frame.ts';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);
const maybeText = maybe(z.string());
const maybeNumber = maybe(z.number());

const TokenUsage = z.object({
  input_tokens: maybeNumber,
  cache_read_input_tokens: maybeNumber,
  cache_creation_input_tokens: maybeNumber,
});
export type TokenUsage = z.infer<typeof TokenUsage>;

const StreamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ id: z.string() }) }),
  z.object({
    type: z.literal('content_block_start'),
    index: z.number(),
    content_block: z.object({ type: z.string(), id: maybeText, name: maybeText }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    index: z.number(),
    delta: z.object({ type: z.string(), text: maybeText, thinking: maybeText }),
  }),
  z.object({ type: z.literal('message_stop') }),
]);

const StreamLine = z.object({
  type: z.literal('stream_event'),
  event: StreamEvent,
  parent_tool_use_id: maybe(z.nullable(z.string())),
  /** With `message_stop`: the connection broke, and these parts of the answer do not count. */
  abandoned_blocks: maybe(z.object({ from_block_index: z.number() })),
});

const AssistantLine = z.object({
  type: z.literal('assistant'),
  message: z.object({
    id: z.string(),
    model: maybeText,
    usage: maybe(TokenUsage),
    content: z.array(
      z.object({ type: z.string(), text: maybeText, thinking: maybeText, id: maybeText, name: maybeText, input: z.optional(z.unknown()) }),
    ),
  }),
  parent_tool_use_id: maybe(z.nullable(z.string())),
  /** A class of failure, on a message that the program made up to tell of it. */
  error: maybeText,
  is_api_error_message: maybe(z.boolean()),
});
export type AssistantLine = z.infer<typeof AssistantLine>;

const ToolResultMeta = z.object({
  id: z.string(),
  /** Why the tool was not run at all. */
  non_execution_kind: maybeText,
  permission_decision: maybe(z.object({ decision: z.string() })),
});
export type ToolResultMeta = z.infer<typeof ToolResultMeta>;

const UserLine = z.object({
  type: z.literal('user'),
  message: z.object({
    content: z.union([
      z.string(),
      z.array(
        z.object({
          type: z.string(),
          text: maybeText,
          tool_use_id: maybeText,
          content: z.optional(z.unknown()),
          is_error: maybe(z.boolean()),
        }),
      ),
    ]),
  }),
  tool_use_result: maybe(z.object({ originalFile: maybeText, filePath: maybeText })),
  tool_result_meta: maybe(z.array(ToolResultMeta)),
  /** Said by the program in the person's place. */
  isSynthetic: maybe(z.boolean()),
});
export type UserLine = z.infer<typeof UserLine>;

const ModelUsage = z.object({
  inputTokens: maybeNumber,
  outputTokens: maybeNumber,
  cacheReadInputTokens: maybeNumber,
  cacheCreationInputTokens: maybeNumber,
  contextWindow: maybeNumber,
  costUSD: maybeNumber,
});
export type ModelUsage = z.infer<typeof ModelUsage>;

const ResultLine = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: maybe(z.boolean()),
  result: maybeText,
  errors: maybe(z.array(z.string())),
  api_error_status: maybe(z.nullable(z.number())),
  stop_reason: maybe(z.nullable(z.string())),
  terminal_reason: maybeText,
  total_cost_usd: maybeNumber,
  modelUsage: maybe(z.record(z.string(), ModelUsage)),
  model_usage_since_last_result: maybe(z.record(z.string(), ModelUsage)),
  user_message_uuids: maybe(z.array(z.string())),
  origin: maybe(z.object({ kind: z.string() })),
});
export type ResultLine = z.infer<typeof ResultLine>;

const SystemLine = z.discriminatedUnion('subtype', [
  z.object({
    type: z.literal('system'),
    subtype: z.literal('init'),
    session_id: maybeText,
    mcp_servers: maybe(z.array(z.object({ name: z.string(), status: z.string() }))),
  }),
  z.object({
    type: z.literal('system'),
    subtype: z.literal('api_retry'),
    attempt: z.number(),
    max_retries: maybeNumber,
    retry_delay_ms: z.number(),
    error_status: maybe(z.nullable(z.number())),
    error: maybeText,
  }),
  z.object({
    type: z.literal('system'),
    subtype: z.literal('compact_boundary'),
    compact_metadata: maybe(z.object({ trigger: maybeText, pre_tokens: maybeNumber, post_tokens: maybeNumber })),
  }),
  z.object({
    type: z.literal('system'),
    subtype: z.literal('notification'),
    key: maybeText,
    text: maybeText,
    message: maybeText,
    priority: maybeText,
  }),
  /** A hook of the person's settings has ended; our own are not told of. */
  z.object({
    type: z.literal('system'),
    subtype: z.literal('hook_response'),
    hook_event: z.string(),
    outcome: z.string(),
    /** Of a hook by HTTP, the status. */
    exit_code: maybeNumber,
    stderr: maybeText,
  }),
  z.object({ type: z.literal('system'), subtype: z.literal('task_started'), tool_use_id: maybeText, is_backgrounded: maybe(z.boolean()) }),
  z.object({ type: z.literal('system'), subtype: z.literal('task_progress'), tool_use_id: maybeText, description: maybeText }),
  z.object({
    type: z.literal('system'),
    subtype: z.literal('task_notification'),
    tool_use_id: maybeText,
    status: maybeText,
    summary: maybeText,
  }),
]);
export type SystemLine = z.infer<typeof SystemLine>;
export type HookResponse = Extract<SystemLine, { subtype: 'hook_response' }>;

const LifecycleLine = z.object({ type: z.literal('command_lifecycle'), command_uuid: z.string(), state: z.string() });

/** Passed back as they came, but for their destination. */
const PermissionSuggestion = z.looseObject({
  type: z.string(),
  mode: maybeText,
  behavior: maybeText,
  rules: maybe(z.array(z.looseObject({ toolName: z.string(), ruleContent: maybeText }))),
  directories: maybe(z.array(z.string())),
});
export type PermissionSuggestion = z.infer<typeof PermissionSuggestion>;

const CanUseTool = z.object({
  subtype: z.literal('can_use_tool'),
  tool_name: z.string(),
  input: z.record(z.string(), z.unknown()),
  display_name: maybeText,
  description: maybeText,
  decision_reason: maybeText,
  tool_use_id: maybeText,
  permission_suggestions: maybe(z.array(PermissionSuggestion)),
});
export type CanUseTool = z.infer<typeof CanUseTool>;

const HookCallback = z.object({
  subtype: z.literal('hook_callback'),
  callback_id: z.string(),
  input: z.record(z.string(), z.unknown()),
});
export type HookCallback = z.infer<typeof HookCallback>;

const ControlRequestLine = z.object({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z.union([CanUseTool, HookCallback, z.object({ subtype: z.string() })]),
});

const ControlResponseLine = z.object({
  type: z.literal('control_response'),
  response: z.object({ subtype: z.string(), request_id: z.string(), response: z.optional(z.unknown()), error: maybeText }),
});
export type ControlResponse = z.infer<typeof ControlResponseLine>['response'];

const ControlCancelLine = z.object({ type: z.literal('control_cancel_request'), request_id: z.string() });

const Line = z.discriminatedUnion('type', [
  StreamLine,
  AssistantLine,
  UserLine,
  ResultLine,
  SystemLine,
  LifecycleLine,
  ControlRequestLine,
  ControlResponseLine,
  ControlCancelLine,
]);
export type Line = z.infer<typeof Line>;
export type ControlRequest = Extract<Line, { type: 'control_request' }>;

/** What the program answers to `initialize`. */
export const InitializeReply = z.object({
  claude_code_version: maybeText,
  models: maybe(z.array(z.object({ value: z.string(), resolvedModel: maybeText }))),
});
export type InitializeReply = z.infer<typeof InitializeReply>;

type ParsedLine =
  | { readonly kind: 'line'; readonly line: Line }
  /** Of a kind that says nothing to us. */
  | { readonly kind: 'unused' }
  /** Of a kind that does, in a shape that we do not know; or of no kind at all. */
  | { readonly kind: 'misfit' }
  | { readonly kind: 'garbage'; readonly problem: Extract<Frame, { isFrame: false }>['problem'] };

const Typed = z.object({ type: z.string() });
const neededTypes = ['assistant', 'user', 'result', 'control_request', 'control_response'];

export function parseLine(text: string): ParsedLine {
  const frame = readFrame(text);
  if (!frame.isFrame) return { kind: 'garbage', problem: frame.problem };
  const parsed = Line.safeParse(frame.value);
  if (parsed.success) return { kind: 'line', line: parsed.data };
  const typed = Typed.safeParse(frame.value);
  return typed.success && !neededTypes.includes(typed.data.type) ? { kind: 'unused' } : { kind: 'misfit' };
}

export function isCanUseTool(request: ControlRequest['request']): request is CanUseTool {
  return request.subtype === 'can_use_tool' && 'tool_name' in request;
}

export function isHookCallback(request: ControlRequest['request']): request is HookCallback {
  return request.subtype === 'hook_callback' && 'callback_id' in request;
}
