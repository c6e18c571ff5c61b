/**
 * From what an ACP agent says to agent events, with everything that must be remembered between two updates in
 * `TurnItems`. Its tool calls are kept in place, in `keep` and `forget` alone, because a turn may have thousands of
 * updates. New item ids come from the caller.
 */
import type { AgentEvent, PlanEntry, ToolStatus } from '../../../protocol/agent-event.ts';
import type { ItemId } from '../../../protocol/ids.ts';
import type { AcpUpdate, ContentBlock, ToolFields } from './acp-update.ts';
import { blockText, rawOutputContent, toolContent, toolInput, toolKind } from './tool-content.ts';

type OpenBlock = {
  readonly kind: 'text' | 'thinking';
  readonly itemId: ItemId;
  readonly messageId: string | null;
  /** Where the next part begins. */
  readonly offset: number;
};

/** A tool call as last told; a permission request may refer to it with nothing but its id. */
type ToolItem = {
  readonly itemId: ItemId;
  readonly fields: ToolFields;
  /** A person said no to it, so that its failure is theirs. */
  readonly denied: boolean;
};

export type TurnItems = {
  readonly block: OpenBlock | null;
  /** Those that run; of the ended ones only the names are kept. */
  readonly tools: Map<string, ToolItem>;
  readonly ended: Set<string>;
  /** The turn is being stopped: what fails now was interrupted. */
  readonly stopping: boolean;
};

export type Step = { readonly items: TurnItems; readonly events: readonly AgentEvent[] };
type NewItemId = () => ItemId;

export function newItems(): TurnItems {
  return { block: null, tools: new Map(), ended: new Set(), stopping: false };
}

/** Usage and notices belong to the session, not to a turn, and are not handled here. */
export function applyUpdate(items: TurnItems, update: AcpUpdate, newItemId: NewItemId): Step {
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return addText(items, 'text', update, newItemId);
    case 'agent_thought_chunk':
      return addText(items, 'thinking', update, newItemId);
    case 'tool_call':
    case 'tool_call_update':
      return applyTool(items, update, newItemId);
    case 'plan':
      return { items, events: [{ type: 'plan', entries: update.entries.map(planEntry) }] };
    default:
      return { items, events: [] };
  }
}

export function markDenied(items: TurnItems, toolCallId: string): void {
  const tool = items.tools.get(toolCallId);
  if (tool !== undefined) keep(items, { ...tool, denied: true });
}

/** Ends what is still open when the turn is over: text as it is, tools as interrupted. */
export function endItems(items: TurnItems): AgentEvent[] {
  const ended = [...items.tools.values()].map(
    (tool): AgentEvent => ({ type: 'toolEnded', itemId: tool.itemId, status: tool.denied ? 'denied' : 'interrupted' }),
  );
  return [...endBlock(items).events, ...ended];
}

type Chunk = { readonly content: ContentBlock; readonly messageId?: string | null | undefined };

function addText(items: TurnItems, kind: OpenBlock['kind'], chunk: Chunk, newItemId: NewItemId): Step {
  const text = blockText(chunk.content);
  if (text === '') return { items, events: [] };
  const messageId = chunk.messageId ?? null;
  const goesOn = items.block?.kind === kind && items.block.messageId === messageId;
  const before = goesOn ? { items, events: [] } : endBlock(items);
  const block = before.items.block ?? { kind, itemId: newItemId(), messageId, offset: 0 };
  const event: AgentEvent = { type: kind, itemId: block.itemId, offset: block.offset, text };
  return { items: { ...items, block: { ...block, offset: block.offset + text.length } }, events: [...before.events, event] };
}

function endBlock(items: TurnItems): Step {
  if (items.block === null) return { items, events: [] };
  return { items: { ...items, block: null }, events: [{ type: 'blockEnded', itemId: items.block.itemId }] };
}

function applyTool(items: TurnItems, fields: ToolFields, newItemId: NewItemId): Step {
  if (items.ended.has(fields.toolCallId)) return { items, events: [] };
  const known = items.tools.get(fields.toolCallId);
  if (known === undefined) return startTool(items, fields, newItemId());
  const tool = { ...known, fields: merged(known.fields, fields) };
  const status = statusOf(fields.status, known.denied, items.stopping);
  if (status !== undefined && isFinal(status)) return endTool(items, tool, status);
  keep(items, tool);
  return { items, events: progress(tool, fields, status) };
}

function startTool(items: TurnItems, fields: ToolFields, itemId: ItemId): Step {
  const before = endBlock(items);
  const tool: ToolItem = { itemId, fields, denied: false };
  const started: AgentEvent = {
    type: 'toolStarted',
    itemId,
    parentItemId: null,
    name: toolName(fields),
    title: fields.title ?? toolName(fields),
    kind: toolKind(fields.kind),
    input: toolInput(fields) ?? null,
    content: toolContent(fields.content ?? []),
  };
  const status = statusOf(fields.status, false, items.stopping);
  const events = [...before.events, started];
  if (status === undefined || !isFinal(status)) {
    const running: AgentEvent[] = status === 'running' ? [{ type: 'toolProgressed', itemId, status }] : [];
    keep(before.items, tool);
    return { items: before.items, events: [...events, ...running] };
  }
  const end = endTool(before.items, tool, status);
  return { items: end.items, events: [...events, ...end.events] };
}

function endTool(items: TurnItems, tool: ToolItem, status: ToolStatus): Step {
  const shown = toolContent(tool.fields.content ?? []);
  const content = shown.length > 0 ? shown : rawOutputContent(tool.fields.rawOutput);
  const event: AgentEvent = { type: 'toolEnded', itemId: tool.itemId, status, ...(content && { content }) };
  forget(items, tool);
  return { items, events: [event] };
}

function progress(tool: ToolItem, told: ToolFields, status: ToolStatus | undefined): AgentEvent[] {
  const input = toolInput(told);
  const changes = {
    ...(typeof told.title === 'string' && { title: told.title }),
    ...(input !== undefined && { input }),
    ...(told.content && { content: toolContent(told.content) }),
    ...(status && { status }),
  };
  return Object.keys(changes).length === 0 ? [] : [{ type: 'toolProgressed', itemId: tool.itemId, ...changes }];
}

export function toolName(fields: ToolFields): string {
  return fields.name ?? fields.kind ?? 'tool';
}

/** Absent and null fields of an update leave what was told before. */
export function merged(before: ToolFields, told: ToolFields): ToolFields {
  const given = Object.entries(told).filter(([, value]) => value !== undefined && value !== null);
  return { ...before, ...Object.fromEntries(given) };
}

function keep(items: TurnItems, tool: ToolItem): void {
  items.tools.set(tool.fields.toolCallId, tool);
}

function forget(items: TurnItems, tool: ToolItem): void {
  items.tools.delete(tool.fields.toolCallId);
  items.ended.add(tool.fields.toolCallId);
}

function statusOf(status: string | null | undefined, denied: boolean, stopping: boolean): ToolStatus | undefined {
  switch (status) {
    case 'pending':
      return 'pending';
    case 'in_progress':
      return 'running';
    case 'completed':
      return 'ok';
    case 'failed':
      if (denied) return 'denied';
      return stopping ? 'interrupted' : 'failed';
    default:
      return undefined;
  }
}

function isFinal(status: ToolStatus): boolean {
  return status !== 'pending' && status !== 'running';
}

function planEntry(entry: { content: string; status: string }): PlanEntry {
  const status = entry.status === 'completed' ? 'done' : entry.status === 'in_progress' ? 'running' : 'pending';
  return { text: entry.content, status };
}
