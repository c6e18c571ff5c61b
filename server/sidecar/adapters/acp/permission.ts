/** ACP permission requests in our form, and the person's decision in theirs. */
import type { PermissionOption, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { Decision, PermissionRequest } from '../../../protocol/agent-event.ts';
import type { ToolFields } from './acp-update.ts';
import { toolContent, toolKind } from './tool-content.ts';
import { toolName } from './turn-items.ts';

const decisionByKind: Readonly<Record<string, Decision>> = {
  allow_once: 'allowOnce',
  allow_always: 'allowSession',
  reject_once: 'deny',
  reject_always: 'deny',
};

/** `tool` is the request's own tool call laid over what was told of it before. */
export function permissionRequest(tool: ToolFields, options: readonly PermissionOption[]): PermissionRequest {
  return {
    title: tool.title ?? toolName(tool),
    toolName: toolName(tool),
    toolKind: toolKind(tool.kind),
    command: commandOf(tool.rawInput),
    cwd: field(tool.rawInput, ['cwd', 'workdir']),
    content: toolContent(tool.content ?? []),
    reason: field(tool.rawInput, ['justification', 'reason', 'description']),
    decisions: offeredDecisions(options),
  };
}

/** Allowing is offered as the agent offers it; no can always be said, because an agent can be told that the question was cancelled. */
export function offeredDecisions(options: readonly PermissionOption[]): Decision[] {
  const offered = new Set(options.map((option) => decisionByKind[option.kind]));
  return (['allowOnce', 'allowSession', 'deny'] as const).filter((decision) => decision === 'deny' || offered.has(decision));
}

/** Undefined when the agent offers nothing that says this. */
export function responseFor(decision: Decision, options: readonly PermissionOption[]): RequestPermissionResponse | undefined {
  const fitting = options.filter((option) => decisionByKind[option.kind] === decision);
  // "Never again" reaches further than the person's one answer, so the one-time refusal goes first.
  const option = fitting.find((candidate) => candidate.kind !== 'reject_always') ?? fitting[0];
  if (option !== undefined) return { outcome: { outcome: 'selected', optionId: option.optionId } };
  return decision === 'deny' ? cancelledResponse : undefined;
}

export const cancelledResponse: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } };

function commandOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('command' in input)) return null;
  if (typeof input.command === 'string') return input.command;
  if (!Array.isArray(input.command)) return null;
  return input.command.map((part) => quoted(String(part))).join(' ');
}

/** As a shell would need it, so that a space inside an argument is not taken for the gap between two. */
function quoted(part: string): string {
  return /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`;
}

function field(input: unknown, names: readonly string[]): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const record: Record<string, unknown> = { ...input };
  const found = names.map((name) => record[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
}
