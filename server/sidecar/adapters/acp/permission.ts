/** ACP permission requests in our form, and the person's decision in theirs. */
import type { PermissionOption, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { Decision, PermissionRequest, ToolContent } from '../../../protocol/agent-event.ts';
import { restContent } from '../shown-whole.ts';
import type { ToolFields } from './acp-update.ts';
import { toolKind, wholeToolContent } from './tool-content.ts';
import { toolName } from './turn-items.ts';

const decisionByKind: Readonly<Record<string, Decision>> = {
  allow_once: 'allowOnce',
  allow_always: 'allowSession',
  reject_once: 'deny',
  reject_always: 'deny',
};

/** What its command resolves to is added where the program runs. `tool` is the request's own tool call laid over what was told of it before. */
export function permissionRequest(tool: ToolFields, options: readonly PermissionOption[]): PermissionRequest {
  const content = wholeToolContent(tool.content ?? []);
  return {
    title: tool.title ?? toolName(tool),
    toolName: toolName(tool),
    toolKind: toolKind(tool.kind),
    command: commandOf(tool.rawInput),
    cwd: field(tool.rawInput, cwdNames),
    resolved: null,
    content: [...content, ...unshownInput(tool.rawInput, content)],
    reason: field(tool.rawInput, reasonNames),
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
  return decision === 'deny' || decision === 'cancel' ? cancelledResponse : undefined;
}

export const cancelledResponse: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } };

const cwdNames = ['cwd', 'workdir'];
const reasonNames = ['justification', 'reason', 'description'];

/** Names under which agents give what a diff shows as well. */
const pathNames: ReadonlySet<string> = new Set(['path', 'file_path', 'filePath', 'abs_path', 'fileName']);
const oldNames: ReadonlySet<string> = new Set(['old_string', 'oldString', 'oldText', 'old_text', 'old_str']);
const newNames: ReadonlySet<string> = new Set(['new_string', 'newString', 'newText', 'new_text', 'new_str', 'content']);

/** The part of the tool's input that neither its content nor the command, the folder or the reason show. */
function unshownInput(input: unknown, content: readonly ToolContent[]): ToolContent[] {
  if (input === undefined || input === null) return [];
  if (typeof input !== 'object' || Array.isArray(input)) {
    return [{ type: 'text', text: typeof input === 'string' ? input : JSON.stringify(input, null, 2) }];
  }
  const isCommand = commandOf(input) !== null;
  const shown = [cwdNames, reasonNames].map((names) => firstNamed(input, names));
  const diffs = content.filter((part) => part.type === 'diff');
  const inDiffs = (name: string, value: unknown) =>
    diffs.some(
      ({ path, oldText, newText }) =>
        (pathNames.has(name) && value === path) || (oldNames.has(name) && value === oldText) || (newNames.has(name) && value === newText),
    );
  return restContent({ ...input }, (name, value) => (isCommand && name === 'command') || shown.includes(name) || inDiffs(name, value));
}

function commandOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('command' in input)) return null;
  if (typeof input.command === 'string') return input.command;
  if (!Array.isArray(input.command) || !input.command.every((part) => typeof part === 'string')) return null;
  return input.command.map(quoted).join(' ');
}

/** As a shell would need it, so that a space inside an argument is not taken for the gap between two. */
function quoted(part: string): string {
  return /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`;
}

function field(input: unknown, names: readonly string[]): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const record: Record<string, unknown> = { ...input };
  const found = record[firstNamed(input, names) ?? ''];
  return typeof found === 'string' ? found : null;
}

function firstNamed(input: object, names: readonly string[]): string | undefined {
  const record: Record<string, unknown> = { ...input };
  return names.find((name) => typeof record[name] === 'string');
}
