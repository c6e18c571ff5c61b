/** How Claude Code's tools are shown: a readable title, a kind, and what an edit would change. */

import * as z from 'zod/mini';
import type { AgentEvent, ToolContent, ToolKind } from '../../../protocol/agent-event.ts';
import { shownPath } from '../shown-path.ts';

export type ToolSurroundings = {
  readonly projectDir: string;
  /** The text of a file now: null where there is none, empty where it cannot be shown. */
  readonly readText: (file: string) => string | null;
};

export type ToolView = { readonly title: string; readonly kind: ToolKind; readonly content: ToolContent[] };

const maybeText = z.catch(z.optional(z.string()), undefined);
const Edit = z.object({ old_string: z.string(), new_string: z.string() });
const Todo = z.object({ content: z.string(), status: z.string() });

/** The fields of any tool that something is shown of; another shape counts as absent. */
const ToolInput = z.catch(
  z.object({
    command: maybeText,
    description: maybeText,
    file_path: maybeText,
    notebook_path: maybeText,
    path: maybeText,
    pattern: maybeText,
    url: maybeText,
    query: maybeText,
    skill: maybeText,
    plan: maybeText,
    content: maybeText,
    old_string: maybeText,
    new_string: maybeText,
    new_source: maybeText,
    edits: z.catch(z.optional(z.array(Edit)), undefined),
    todos: z.catch(z.optional(z.array(Todo)), undefined),
  }),
  {},
);
type ToolInput = z.infer<typeof ToolInput>;

const kinds: Readonly<Record<string, ToolKind>> = {
  Bash: 'execute',
  Monitor: 'execute',
  Read: 'read',
  Edit: 'edit',
  MultiEdit: 'edit',
  Write: 'edit',
  NotebookEdit: 'edit',
  Grep: 'search',
  Glob: 'search',
  LS: 'search',
  ToolSearch: 'search',
  WebFetch: 'fetch',
  WebSearch: 'fetch',
  EnterPlanMode: 'think',
  ExitPlanMode: 'think',
};

export function viewTool(name: string, rawInput: unknown, around: ToolSurroundings): ToolView {
  const input = ToolInput.parse(rawInput);
  return { title: titleOf(name, input, around.projectDir) || name, kind: toolKind(name), content: contentOf(name, input, around) };
}

export function toolKind(name: string): ToolKind {
  return kinds[name] ?? 'other';
}

export function commandOf(name: string, rawInput: unknown): string | null {
  return toolKind(name) === 'execute' ? (ToolInput.parse(rawInput).command ?? null) : null;
}

/** A to-do list is the agent's plan; null for every other tool. */
export function planOf(name: string, rawInput: unknown): Extract<AgentEvent, { type: 'plan' }> | null {
  const todos = name === 'TodoWrite' ? ToolInput.parse(rawInput).todos : undefined;
  if (!todos) return null;
  const states: Readonly<Record<string, 'running' | 'done'>> = { in_progress: 'running', completed: 'done' };
  return { type: 'plan', entries: todos.map(({ content, status }) => ({ text: content, status: states[status] ?? 'pending' })) };
}

/** The text of a tool's result; pictures and the like are named. */
export function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(partText).join('\n');
}

function titleOf(name: string, input: ToolInput, projectDir: string): string {
  const file = input.file_path ?? input.notebook_path;
  if (file !== undefined) return shownPath(file, projectDir);
  if (toolKind(name) === 'execute') return input.command ?? '';
  if (name.startsWith('mcp__')) return name.slice('mcp__'.length).replace('__', ': ');
  if (input.pattern !== undefined)
    return input.path === undefined ? input.pattern : `${input.pattern} in ${shownPath(input.path, projectDir)}`;
  return input.url ?? input.query ?? input.skill ?? input.description ?? input.path ?? '';
}

function contentOf(name: string, input: ToolInput, around: ToolSurroundings): ToolContent[] {
  const file = input.file_path ?? input.notebook_path;
  if (file === undefined) return name === 'ExitPlanMode' && input.plan !== undefined ? [{ type: 'text', text: input.plan }] : [];
  const diff = (oldText: string | null, newText: string): ToolContent => ({
    type: 'diff',
    path: shownPath(file, around.projectDir),
    oldText,
    newText,
  });
  if (name === 'Write' && input.content !== undefined) return [diff(around.readText(file), input.content)];
  if (name === 'MultiEdit' && input.edits) return input.edits.map((edit) => diff(edit.old_string, edit.new_string));
  if (name === 'NotebookEdit' && input.new_source !== undefined) return [diff('', input.new_source)];
  if (name !== 'Edit' || input.old_string === undefined || input.new_string === undefined) return [];
  // An edit of nothing makes the file.
  return [diff(input.old_string === '' ? around.readText(file) : input.old_string, input.new_string)];
}

function partText(part: unknown): string {
  const parsed = z.object({ type: z.string(), text: maybeText }).safeParse(part);
  return parsed.success ? (parsed.data.text ?? `[${parsed.data.type}]`) : '';
}
