/** How the things that Codex does are shown as tool calls. Pure. */
import * as z from 'zod/mini';
import type { ToolContent, ToolKind, ToolStatus } from '../../../protocol/agent-event.ts';
import { shownPath } from '../shown-path.ts';
import { changeContent } from './diffs.ts';
import type { ThreadItem } from './messages.ts';

export type ToolView = {
  readonly name: string;
  readonly title: string;
  readonly kind: ToolKind;
  readonly input: unknown;
  readonly content: ToolContent[];
};

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Result = z.object({ content: z.array(z.unknown()) });
const finalStatuses: Readonly<Record<string, ToolStatus>> = { completed: 'ok', failed: 'failed', declined: 'denied' };
const calm: ReadonlySet<string> = new Set(['read', 'listFiles', 'search']);

export function viewTool(item: ThreadItem, projectDir: string): ToolView {
  switch (item.type) {
    case 'commandExecution':
      return { ...named('shell', bareCommand(item.command ?? ''), commandKind(item)), input: { command: item.command, cwd: item.cwd } };
    case 'fileChange': {
      const changes = item.changes ?? [];
      const kind = changes.length > 0 && changes.every((change) => change.kind.type === 'delete') ? 'delete' : 'edit';
      const title = changes.map(({ path }) => shownPath(path, projectDir)).join(', ');
      const content = changes.flatMap((change) => changeContent(change, projectDir));
      return { ...named('apply_patch', title, kind), input: null, content };
    }
    case 'mcpToolCall': {
      const { server = '', tool = '' } = item;
      return { ...named(`mcp__${server}__${tool}`, `${server}: ${tool}`, 'other'), input: item.arguments ?? null };
    }
    case 'webSearch':
      return { ...named('web_search', item.query ?? '', 'fetch'), input: { query: item.query } };
    case 'imageView':
      return { ...named('view_image', shownPath(item.path ?? '', projectDir), 'read'), input: { path: item.path } };
    default:
      return { ...named(item.tool ?? item.type, item.tool ?? item.type, 'other'), input: item };
  }
}

/** Undefined while it runs. */
export function finalStatus(item: ThreadItem): ToolStatus | undefined {
  const status = finalStatuses[item.status ?? ''];
  if (status !== 'ok') return status;
  return typeof item.exitCode === 'number' && item.exitCode !== 0 ? 'failed' : 'ok';
}

/** What it gave back; undefined where what is shown already says it. */
export function resultContent(item: ThreadItem, projectDir: string): ToolContent[] | undefined {
  switch (item.type) {
    case 'commandExecution': {
      const code = typeof item.exitCode === 'number' && item.exitCode !== 0 ? `Exit code ${item.exitCode}` : '';
      return texts(item.aggregatedOutput ?? '', code);
    }
    case 'fileChange':
      return viewTool(item, projectDir).content;
    case 'mcpToolCall': {
      const told = Result.safeParse(item.result);
      return texts(...(told.success ? told.data.content.map(partText) : []), item.error?.message ?? '');
    }
    default:
      return undefined;
  }
}

function texts(...parts: readonly string[]): ToolContent[] {
  return parts.filter((text) => text !== '').map((text) => ({ type: 'text', text }));
}

function partText(part: unknown): string {
  const parsed = TextPart.safeParse(part);
  return parsed.success ? parsed.data.text : JSON.stringify(part);
}

function named(name: string, title: string, kind: ToolKind): Omit<ToolView, 'input'> {
  return { name, title: title === '' ? name : title, kind, content: [] };
}

/** For a title only: a question shows the whole. */
function bareCommand(command: string): string {
  const quoted = /^\S*\/?(?:ba|z|da)?sh -l?c '([^']*)'$/.exec(command)?.[1];
  return quoted ?? command;
}

function commandKind({ commandActions }: ThreadItem): ToolKind {
  const types = (commandActions ?? []).map(({ type }) => type);
  if (types.length === 0 || !types.every((type) => calm.has(type))) return 'execute';
  return types.every((type) => type === 'read') ? 'read' : 'search';
}
