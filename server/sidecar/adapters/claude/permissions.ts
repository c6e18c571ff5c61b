/** The questions that wait for a person: how they are shown, and how the program is told the answer. */
import type { AgentEvent, Decision, PermissionRequest } from '../../../protocol/agent-event.ts';
import type { ApprovalId, ItemId } from '../../../protocol/ids.ts';
import { shownPath } from '../shown-path.ts';
import { restContent } from '../shown-whole.ts';
import type { CanUseTool, PermissionSuggestion } from './lines.ts';
import { shownFields } from './shown-fields.ts';
import { commandOf, type ToolSurroundings, viewTool } from './tools.ts';

export type PermissionAnswer = { readonly requestId: string; readonly response: Record<string, unknown> };
type Open = { readonly approvalId: ApprovalId; readonly asked: CanUseTool };

export class Permissions {
  readonly #newId: () => ApprovalId;
  /** By the program's own id of the question. */
  readonly #open = new Map<string, Open>();

  constructor(deps: { readonly newId: () => ApprovalId }) {
    this.#newId = deps.newId;
  }

  asked(requestId: string, asked: CanUseTool, shown: { request: PermissionRequest; toolItemId: ItemId | null }): AgentEvent {
    const approvalId = this.#newId();
    this.#open.set(requestId, { approvalId, asked });
    return { type: 'permissionAsked', approvalId, ...shown };
  }

  /** Null when nobody waits for it any more. */
  answered(approvalId: ApprovalId, decision: Decision, message: string | null): PermissionAnswer | null {
    const found = [...this.#open].find(([, open]) => open.approvalId === approvalId);
    if (!found) return null;
    this.#open.delete(found[0]);
    return { requestId: found[0], response: responseFor(found[1].asked, decision, message) };
  }

  withdrawn(requestId: string, reason: string): AgentEvent[] {
    const open = this.#open.get(requestId);
    if (!open) return [];
    this.#open.delete(requestId);
    return [{ type: 'permissionWithdrawn', approvalId: open.approvalId, reason }];
  }

  withdrawAll(reason: string): AgentEvent[] {
    return [...this.#open.keys()].flatMap((requestId) => this.withdrawn(requestId, reason));
  }
}

/**
 * Everything that the answer decides on is in here, since this is what the person sees and what is hashed; what its command
 * resolves to is added where the program runs.
 */
export function permissionRequestOf(asked: CanUseTool, around: ToolSurroundings): PermissionRequest {
  const view = viewTool(asked.tool_name, asked.input, around);
  const command = commandOf(asked.tool_name, asked.input);
  const suggestions = sessionSuggestions(asked);
  return {
    title: command === null ? titleFor(asked, view.title) : 'Run a command',
    toolName: nameOf(asked),
    toolKind: view.kind,
    command,
    cwd: command === null ? null : around.projectDir,
    resolved: null,
    content: [...view.content, ...restContent(asked.input, shownFields(asked, view))],
    reason: reasonOf(asked, command !== null, suggestions, around.projectDir),
    decisions: suggestions.length > 0 ? ['allowOnce', 'allowSession', 'deny'] : ['allowOnce', 'deny'],
  };
}

/**
 * What an answer for the session would grant, as narrow as the program offers it: rules for this tool where there are
 * some, else its mode in which edits need no question. Wider modes are never taken from a suggestion.
 */
export function sessionSuggestions(asked: CanUseTool): PermissionSuggestion[] {
  const all = asked.permission_suggestions ?? [];
  const rules = all.filter(({ type, behavior }) => type === 'addRules' && behavior === 'allow');
  const directories = all.filter(({ type }) => type === 'addDirectories');
  const mode = all.filter(({ type, mode }) => type === 'setMode' && mode === 'acceptEdits');
  return rules.length > 0 ? [...rules, ...directories] : [...mode, ...directories];
}

export function denialOf(requestId: string, message: string): PermissionAnswer {
  return { requestId, response: denied(message) };
}

function denied(message: string): Record<string, unknown> {
  return { behavior: 'deny', message, interrupt: false };
}

function responseFor(asked: CanUseTool, decision: Decision, message: string | null): Record<string, unknown> {
  if (decision === 'deny' || decision === 'cancel') return denied(message || 'The person did not allow this.');
  const allowed = { behavior: 'allow', updatedInput: asked.input };
  if (decision === 'allowOnce') return allowed;
  return { ...allowed, updatedPermissions: sessionSuggestions(asked).map((suggestion) => ({ ...suggestion, destination: 'session' })) };
}

/** A server of tools names them as it likes, so what is called is told beside it. */
function nameOf({ display_name, tool_name }: CanUseTool): string {
  return display_name === undefined || display_name === tool_name ? tool_name : `${display_name} (${tool_name})`;
}

function titleFor(asked: CanUseTool, viewTitle: string): string {
  const name = asked.display_name ?? asked.tool_name;
  return viewTitle === asked.tool_name ? name : `${name} ${viewTitle}`;
}

function reasonOf(asked: CanUseTool, isCommand: boolean, suggestions: readonly PermissionSuggestion[], projectDir: string): string | null {
  const grants = suggestions.flatMap((suggestion) => grantsOf(suggestion, projectDir));
  const parts = [
    isCommand && asked.description ? `The agent's own description: ${asked.description}` : null,
    asked.decision_reason ?? null,
    grants.length > 0 ? `Allowed for this session, it covers: ${grants.join(', ')}.` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n');
}

function grantsOf(suggestion: PermissionSuggestion, projectDir: string): string[] {
  if (suggestion.type === 'setMode') return ['every edit of a file in the project'];
  if (suggestion.type === 'addRules') {
    return (suggestion.rules ?? []).map(({ toolName, ruleContent }) =>
      ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`,
    );
  }
  const directories = (suggestion.directories ?? []).filter((directory) => directory !== projectDir);
  return directories.map((directory) => `files in ${shownPath(directory, projectDir)}`);
}
