/** What Codex asks before it acts, as it is shown to the person, and how it is told the answer. Pure. */
import * as z from 'zod/mini';
import type { Decision, PermissionRequest } from '../../../protocol/agent-event.ts';
import type { FormValues } from '../../../protocol/form.ts';
import { restContent } from '../shown-whole.ts';
import { InputQuestion, inputQuestion, serverForm } from './forms.ts';
import type { ThreadItem } from './messages.ts';
import { viewTool } from './tools.ts';

export type Question = {
  readonly request: PermissionRequest;
  /** Of the thing that it is about. */
  readonly codexItemId: string | null;
  readonly answer: (decision: Decision, values?: FormValues) => unknown;
};
/** One that cannot be shown is answered in the person's place: with the reason for them. */
export type Unasked = { readonly answer: unknown; readonly notice: string };

const maybeText = z.catch(z.optional(z.nullable(z.string())), undefined);
const CommandQuestion = z.looseObject({ itemId: z.string(), kind: maybeText, command: maybeText, cwd: maybeText, reason: maybeText });
const FileQuestion = z.looseObject({ itemId: z.string(), reason: maybeText });
const PermissionsQuestion = z.looseObject({ itemId: z.string(), cwd: maybeText, reason: maybeText, permissions: z.unknown() });
const Form = z.object({ properties: z.catch(z.record(z.string(), z.unknown()), {}) });
const ToolMeta = z.object({
  codex_approval_kind: z.literal('mcp_tool_call'),
  tool_name: z.catch(z.string(), 'tool'),
  persist: z.catch(z.array(z.string()), []),
});
const ServerQuestion = z.looseObject({
  serverName: z.string(),
  mode: maybeText,
  message: z.catch(z.string(), ''),
  requestedSchema: z.optional(z.unknown()),
  url: maybeText,
  _meta: z.optional(z.unknown()),
});

/** Says which question it is, and says or shows nothing that the answer decides on. */
const ofProtocol: ReadonlySet<string> = new Set([
  ...['threadId', 'turnId', 'itemId', 'startedAtMs', 'approvalId', 'environmentId', 'availableDecisions', 'reason', 'cwd', 'command'],
  // Only another answer than ours would use them; and what a command does, Codex guesses from the command.
  ...['proposedExecpolicyAmendment', 'proposedNetworkPolicyAmendments', 'commandActions'],
]);

/** Undefined for a question that this version knows nothing of. */
export function questionOf(
  method: string,
  params: unknown,
  around: { readonly tool: (id: string) => ThreadItem | undefined; readonly projectDir: string },
): Question | Unasked | undefined {
  switch (method) {
    case 'item/commandExecution/requestApproval':
      return parsed(CommandQuestion, params, commandQuestion);
    case 'item/fileChange/requestApproval':
      return parsed(FileQuestion, params, (asked) => fileQuestion(asked, around.tool(asked.itemId), around.projectDir));
    case 'item/permissions/requestApproval':
      return parsed(PermissionsQuestion, params, permissionsQuestion);
    case 'mcpServer/elicitation/request':
      return parsed(ServerQuestion, params, serverQuestion);
    case 'item/tool/requestUserInput':
      return parsed(InputQuestion, params, inputQuestion);
    default:
      return undefined;
  }
}

function parsed<T, R>(schema: z.ZodMiniType<T>, params: unknown, make: (asked: T) => R): R | undefined {
  const told = schema.safeParse(params);
  return told.success ? make(told.data) : undefined;
}

function commandQuestion(asked: z.infer<typeof CommandQuestion>): Question {
  const isInput = asked.kind === 'writeStdin';
  const title = isInput ? 'Type into a command that runs' : asked.command ? 'Run a command' : 'Use what its sandbox keeps from it';
  return {
    codexItemId: asked.itemId,
    request: {
      ...{ title, toolName: 'shell', toolKind: 'execute', command: asked.command ?? null, cwd: asked.cwd ?? null, resolved: null },
      content: rest(asked, isInput ? [] : ['kind']),
      ...{ reason: reasonOf(asked.reason, 'this command in this folder'), decisions: ['allowOnce', 'allowSession', 'deny'] },
    },
    answer: decided,
  };
}

function fileQuestion(asked: z.infer<typeof FileQuestion>, item: ThreadItem | undefined, projectDir: string): Question | Unasked {
  const view = item && viewTool(item, projectDir);
  if (!view || view.content.length === 0) {
    const notice = 'Codex asked to change files without saying how. It was denied, because nothing could be shown.';
    return { answer: { decision: 'decline' }, notice };
  }
  return {
    codexItemId: asked.itemId,
    request: {
      ...{ title: `Change ${view.title}`, toolName: view.name, toolKind: view.kind, command: null, cwd: null, resolved: null },
      content: [...view.content, ...rest(asked, [])],
      ...{ reason: reasonOf(asked.reason, 'every change of these files'), decisions: ['allowOnce', 'allowSession', 'deny'] },
    },
    answer: decided,
  };
}

function permissionsQuestion({ itemId, cwd, reason, permissions, ...others }: z.infer<typeof PermissionsQuestion>): Question {
  const scopes: Readonly<Record<Decision, string>> = { allowOnce: 'turn', allowSession: 'session', deny: 'turn', cancel: 'turn' };
  return {
    codexItemId: itemId,
    request: {
      ...{ title: 'Give more rights', toolName: 'permissions', toolKind: 'other', command: null, cwd: cwd ?? null, resolved: null },
      content: rest({ permissions, ...others }, []),
      ...{ reason: reason ?? null, decisions: ['allowOnce', 'allowSession', 'deny'] },
    },
    answer: (decision) => ({ permissions: isNo(decision) ? {} : permissions, scope: scopes[decision] }),
  };
}

function serverQuestion(asked: z.infer<typeof ServerQuestion>): Question | Unasked {
  const tool = ToolMeta.safeParse(asked._meta);
  const fields = Form.safeParse(asked.requestedSchema ?? {});
  const isForm = asked.url === undefined && (!fields.success || Object.keys(fields.data.properties).length > 0);
  const mayPersist = tool.success && tool.data.persist.includes('session');
  const { serverName: server, message, threadId: _, turnId: __, ...shown } = asked;
  if (isForm) {
    const { requestedSchema: schema, mode: ___, ...others } = shown;
    return serverForm(server, { message, schema, others });
  }
  return {
    codexItemId: null,
    request: {
      title: tool.success ? `Use ${tool.data.tool_name} of ${server}` : `Answer ${server}`,
      toolName: tool.success ? `mcp__${server}__${tool.data.tool_name}` : server,
      ...{ toolKind: 'other', command: null, cwd: null, resolved: null, content: rest(shown, []), reason: message === '' ? null : message },
      decisions: mayPersist ? ['allowOnce', 'allowSession', 'deny'] : ['allowOnce', 'deny'],
    },
    answer: (decision) => {
      if (isNo(decision)) return { action: 'decline', content: null, _meta: null };
      return { action: 'accept', content: asked.url ? null : {}, _meta: decision === 'allowSession' ? { persist: 'session' } : null };
    },
  };
}

function decided(decision: Decision): unknown {
  // Its own "cancel" would end the turn as well, which nobody has asked for.
  const words = { allowOnce: 'accept', allowSession: 'acceptForSession', deny: 'decline', cancel: 'decline' } as const;
  return { decision: words[decision] };
}

function isNo(decision: Decision): boolean {
  return decision === 'deny' || decision === 'cancel';
}

function rest(asked: Readonly<Record<string, unknown>>, shown: readonly string[]) {
  return restContent(asked, (name, value) => value === null || ofProtocol.has(name) || shown.includes(name));
}

function reasonOf(reason: string | null | undefined, session: string): string {
  const grant = `Allowed for this session, it covers ${session}.`;
  return reason ? `The agent's own reason: ${reason}\n${grant}` : grant;
}
