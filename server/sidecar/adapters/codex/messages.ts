/**
 * What Codex's app-server says, as far as it means something to us: JSON-RPC without its version field, a line for each
 * message. Unknown notifications and fields are normal; a field of an unexpected shape counts as absent, so that another
 * version costs a detail and never the end of a turn.
 */
import * as z from 'zod/mini';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(z.nullable(schema)), undefined);
const maybeText = maybe(z.string());
const maybeNumber = maybe(z.number());
const count = z.catch(z.number().check(z.nonnegative()), 0);

const RpcId = z.union([z.number(), z.string()]);
export type RpcId = z.infer<typeof RpcId>;
const RpcError = z.object({ code: maybeNumber, message: z.catch(z.string(), 'It did not say why.') });
export type RpcError = z.infer<typeof RpcError>;

const Call = z.object({ id: RpcId, method: z.string(), params: z.optional(z.unknown()) });
const Notice = z.object({ method: z.string(), params: z.optional(z.unknown()) });
const Refusal = z.object({ id: RpcId, error: RpcError });
const Reply = z.object({ id: RpcId, result: z.unknown() });

export type Message =
  | { readonly kind: 'call'; readonly id: RpcId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'refusal'; readonly id: RpcId; readonly error: RpcError }
  | { readonly kind: 'reply'; readonly id: RpcId; readonly result: unknown };

/** Null for what is no message of the protocol. */
export function messageOf(value: unknown): Message | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('method' in value && 'id' in value) return kindOf('call', Call, value);
  if ('method' in value) return kindOf('notification', Notice, value);
  if ('error' in value) return kindOf('refusal', Refusal, value);
  return 'result' in value ? kindOf('reply', Reply, value) : null;
}

function kindOf<Kind extends Message['kind'], T>(kind: Kind, schema: z.ZodMiniType<T>, value: unknown) {
  const parsed = schema.safeParse(value);
  // Each kind's schema has exactly the fields of its kind.
  return parsed.success ? ({ params: undefined, ...parsed.data, kind } as unknown as Extract<Message, { kind: Kind }>) : null;
}

export const InitializeReply = z.object({ userAgent: maybeText });
export const AccountReply = z.object({ account: z.optional(z.unknown()), requiresOpenaiAuth: z.boolean() });

/** Of `thread/start` and `thread/resume`. */
export const ThreadReply = z.object({
  thread: z.object({ id: z.string(), path: maybeText }),
  model: maybeText,
  approvalPolicy: z.optional(z.unknown()),
  approvalsReviewer: z.optional(z.unknown()),
});
export type ThreadReply = z.infer<typeof ThreadReply>;
export const TurnReply = z.object({ turn: z.object({ id: z.string() }) });

export const TurnError = z.object({
  message: z.catch(z.string(), ''),
  codexErrorInfo: z.optional(z.unknown()),
  additionalDetails: maybeText,
});
export type TurnError = z.infer<typeof TurnError>;

export const FileChange = z.object({
  path: z.string(),
  kind: z.catch(z.object({ type: z.string(), move_path: maybeText }), { type: 'update' }),
  diff: z.catch(z.string(), ''),
});
export type FileChange = z.infer<typeof FileChange>;

const Action = z.object({ type: z.string() });

/** One thing of a thread, whatever its type: which fields there are depends on that. */
export const ThreadItem = z.looseObject({
  type: z.string(),
  id: z.string(),
  status: maybeText,
  text: maybeText,
  clientId: maybeText,
  summary: maybe(z.array(z.string())),
  content: z.optional(z.unknown()),
  command: maybeText,
  cwd: maybeText,
  commandActions: maybe(z.array(Action)),
  aggregatedOutput: maybeText,
  exitCode: maybeNumber,
  changes: maybe(z.array(FileChange)),
  server: maybeText,
  namespace: maybeText,
  tool: maybeText,
  arguments: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  error: maybe(z.object({ message: z.string() })),
  query: maybeText,
  path: maybeText,
});
export type ThreadItem = z.infer<typeof ThreadItem>;

const Tokens = z.object({ inputTokens: count, cachedInputTokens: count, cacheWriteInputTokens: count, outputTokens: count });
export type Tokens = z.infer<typeof Tokens>;

const ofThread = { threadId: maybeText };
const ofItem = { ...ofThread, itemId: z.string() };
const text = { ...ofItem, delta: z.string() };
const item = z.object({ ...ofThread, item: ThreadItem });

/** The notifications that something is made of. */
export const notifications = {
  'turn/started': z.object({ ...ofThread, turn: z.object({ id: z.string() }) }),
  'turn/completed': z.object({ ...ofThread, turn: z.object({ id: z.string(), status: z.string(), error: maybe(TurnError) }) }),
  'item/started': item,
  'item/completed': item,
  'item/agentMessage/delta': z.object(text),
  'item/plan/delta': z.object(text),
  'item/reasoning/summaryTextDelta': z.object({ ...text, summaryIndex: count }),
  'item/reasoning/textDelta': z.object({ ...text, contentIndex: count }),
  'item/commandExecution/outputDelta': z.object(text),
  'item/fileChange/patchUpdated': z.object({ ...ofItem, changes: z.array(FileChange) }),
  'turn/plan/updated': z.object({ ...ofThread, plan: z.array(z.object({ step: z.string(), status: z.string() })) }),
  'thread/tokenUsage/updated': z.object({
    ...ofThread,
    tokenUsage: z.object({ total: Tokens, last: maybe(Tokens), modelContextWindow: maybeNumber }),
  }),
  error: z.object({ ...ofThread, error: TurnError, willRetry: z.catch(z.boolean(), false) }),
  warning: z.object({ ...ofThread, message: z.string() }),
  configWarning: z.object({ ...ofThread, summary: z.string() }),
  'model/rerouted': z.object({ ...ofThread, fromModel: z.string(), toModel: z.string() }),
  'mcpServer/startupStatus/updated': z.object({ ...ofThread, name: z.string(), status: z.string(), error: maybeText }),
  'serverRequest/resolved': z.object({ ...ofThread, requestId: RpcId }),
} as const;
type Shapes = typeof notifications;

export type Notification = {
  [Method in keyof Shapes]: { readonly method: Method; readonly params: z.infer<Shapes[Method]> };
}[keyof Shapes];

/** Undefined for one that nothing is made of, and for one whose shape is another than we know. */
export function notificationOf(method: string, params: unknown): Notification | undefined {
  if (!Object.hasOwn(notifications, method)) return undefined;
  // Its own key was just found.
  const known = method as keyof Shapes;
  const parsed = notifications[known].safeParse(params);
  // The schema of that very method made it.
  return parsed.success ? ({ method: known, params: parsed.data } as Notification) : undefined;
}
