/** The tool calls of one run: announced while their input streams, started, put into the background, and ended once each. */
import type { AgentEvent, ToolStatus } from '../../../protocol/agent-event.ts';
import type { ItemId } from '../../../protocol/ids.ts';
import type { ToolResultMeta } from './lines.ts';
import { planOf, resultText, type ToolSurroundings, toolKind, viewTool } from './tools.ts';

export type ToolUse = { readonly id: string; readonly name: string; readonly input: unknown; readonly parent: string | null };
type ToolResult = {
  readonly id: string;
  readonly content: unknown;
  readonly isError: boolean;
  readonly meta: ToolResultMeta | undefined;
  /** What a file held before the tool wrote it. */
  readonly originalFile: string | undefined;
  /** The person has asked the turn to end. */
  readonly interrupting: boolean;
};
type Call = {
  readonly itemId: ItemId;
  readonly parent: string | null;
  readonly name: string;
  input: unknown;
  state: 'announced' | 'running' | 'background';
};

const rememberedEnded = 1_000;

export class ToolCalls {
  readonly #newId: () => ItemId;
  readonly #around: ToolSurroundings;
  /** Those that run: their inputs may be whole files, and a run lasts for days. */
  readonly #calls = new Map<string, Call>();
  /** What may still be said of those that ended is left out; only the newest can be spoken of. */
  readonly #ended = new Map<string, ItemId>();

  constructor(deps: { readonly newId: () => ItemId; readonly around: ToolSurroundings }) {
    this.#newId = deps.newId;
    this.#around = deps.around;
  }

  itemIdOf(toolUseId: string | undefined): ItemId | null {
    if (toolUseId === undefined) return null;
    return this.#calls.get(toolUseId)?.itemId ?? this.#ended.get(toolUseId) ?? null;
  }

  /** Its input still streams: a long one takes a while, and the person sees what it is for. */
  announced(id: string, name: string): AgentEvent[] {
    if (this.#calls.has(id) || this.#ended.has(id)) return [];
    const call = this.#add({ id, name, input: {}, parent: null }, 'announced');
    return [this.#startedEvent(call)];
  }

  started(use: ToolUse): AgentEvent[] {
    if (this.#ended.has(use.id)) return [];
    const plan = planOf(use.name, use.input);
    const known = this.#calls.get(use.id);
    if (!known) {
      const call = this.#add(use, 'running');
      return [this.#startedEvent(call), ...(plan ? [plan] : [])];
    }
    if (known.state !== 'announced') return [];
    known.state = 'running';
    known.input = use.input;
    const { title, content } = viewTool(use.name, use.input, this.#around);
    const progressed: AgentEvent = { type: 'toolProgressed', itemId: known.itemId, title, input: use.input, content, status: 'running' };
    return [progressed, ...(plan ? [plan] : [])];
  }

  /** Its result will only say that it was started; the end comes with `backgroundEnded`. */
  wentToBackground(id: string): void {
    const call = this.#calls.get(id);
    if (call) call.state = 'background';
  }

  progressed(id: string, text: string): AgentEvent[] {
    const call = this.#calls.get(id);
    if (!call) return [];
    return [{ type: 'toolProgressed', itemId: call.itemId, content: [{ type: 'text', text }] }];
  }

  backgroundEnded(id: string, outcome: { readonly status: string; readonly summary: string }): AgentEvent[] {
    const call = this.#calls.get(id);
    if (call?.state !== 'background') return [];
    this.#end(id, call);
    const status = outcome.status === 'completed' ? 'ok' : outcome.status === 'failed' ? 'failed' : 'interrupted';
    return [
      ...this.#endWhere((other) => other.parent === id),
      { type: 'toolEnded', itemId: call.itemId, status, ...(outcome.summary && { content: [{ type: 'text', text: outcome.summary }] }) },
    ];
  }

  ended(result: ToolResult): AgentEvent[] {
    const call = this.#calls.get(result.id);
    if (!call) return [];
    if (call.state === 'background' && !result.isError) {
      return this.progressed(result.id, 'Works in the background.');
    }
    const content = this.#contentAfter(call, result);
    this.#end(result.id, call);
    return [
      ...this.#endWhere((other) => other.parent === result.id),
      { type: 'toolEnded', itemId: call.itemId, status: statusOf(result), ...(content && { content }) },
    ];
  }

  /** The answer they came in was given up before they were whole. */
  endAnnounced(): AgentEvent[] {
    return this.#endWhere((call) => call.state === 'announced');
  }

  /** A turn ends: its own calls end with it, while those in the background and of subagents go on. */
  endForeground(): AgentEvent[] {
    return this.#endWhere((call) => call.state !== 'background' && call.parent === null);
  }

  endAll(): AgentEvent[] {
    return this.#endWhere(() => true);
  }

  #add(use: ToolUse, state: Call['state']): Call {
    const call: Call = { itemId: this.#newId(), parent: use.parent, name: use.name, input: use.input, state };
    this.#calls.set(use.id, call);
    return call;
  }

  #startedEvent(call: Call): AgentEvent {
    const view =
      call.state === 'announced'
        ? { title: call.name, kind: toolKind(call.name), content: [] }
        : viewTool(call.name, call.input, this.#around);
    const parentItemId = this.itemIdOf(call.parent ?? undefined);
    return { type: 'toolStarted', itemId: call.itemId, parentItemId, name: call.name, input: call.input, ...view };
  }

  /** An edit's diff says more than the result's words, unless it failed. */
  #contentAfter(call: Call, result: ToolResult) {
    const text = resultText(result.content);
    const shown = text === '' ? [] : [{ type: 'text' as const, text }];
    if (toolKind(call.name) !== 'edit') return shown;
    const { originalFile } = result;
    const around = originalFile === undefined ? this.#around : { ...this.#around, readText: () => originalFile };
    if (!result.isError) return originalFile === undefined ? undefined : viewTool(call.name, call.input, around).content;
    return [...shown, ...viewTool(call.name, call.input, around).content];
  }

  #endWhere(fits: (call: Call) => boolean): AgentEvent[] {
    const fitting = [...this.#calls].filter(([, call]) => fits(call));
    return fitting.map(([id, call]): AgentEvent => {
      this.#end(id, call);
      return { type: 'toolEnded', itemId: call.itemId, status: 'interrupted' };
    });
  }

  #end(id: string, call: Call): void {
    this.#calls.delete(id);
    this.#ended.set(id, call.itemId);
    const oldest = this.#ended.keys().next().value;
    if (this.#ended.size > rememberedEnded && oldest !== undefined) this.#ended.delete(oldest);
  }
}

function statusOf(result: ToolResult): ToolStatus {
  if (!result.isError) return 'ok';
  if (result.meta?.permission_decision?.decision === 'reject') return 'denied';
  if (result.interrupting) return 'interrupted';
  return result.meta?.non_execution_kind === undefined ? 'failed' : 'denied';
}
