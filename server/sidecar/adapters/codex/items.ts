/** The things of one turn, as they begin, grow and end: text, thinking and tool calls, each once. */
import type { AgentEvent } from '../../../protocol/agent-event.ts';
import { limits } from '../../../protocol/errors.ts';
import type { ItemId } from '../../../protocol/ids.ts';
import type { FileChange, ThreadItem } from './messages.ts';
import { finalStatus, resultContent, viewTool } from './tools.ts';

type BlockKind = 'text' | 'thinking';
type Block = { readonly itemId: ItemId; readonly kind: BlockKind; length: number; part: number; readonly source: string };
type Tool = { readonly itemId: ItemId; item: ThreadItem; output: string };

type ItemsDeps = { readonly newId: () => ItemId; readonly projectDir: string };

/** They show nothing by themselves: what the person said is known, and the rest has a notice. */
const silent: ReadonlySet<string> = new Set(['userMessage', 'hookPrompt', 'contextCompaction', 'enteredReviewMode', 'exitedReviewMode']);
const partSeparator = '\n\n';

export class Items {
  readonly #deps: ItemsDeps;
  readonly #blocks = new Map<string, Block>();
  readonly #tools = new Map<string, Tool>();

  constructor(deps: ItemsDeps) {
    this.#deps = deps;
  }

  /** The tool call as last told; undefined for one that does not run. */
  tool(id: string): Tool | undefined {
    return this.#tools.get(id);
  }

  started(item: ThreadItem): AgentEvent[] {
    if (silent.has(item.type) || blockKind(item) || this.#tools.has(item.id)) return [];
    const itemId = this.#deps.newId();
    this.#tools.set(item.id, { itemId, item, output: '' });
    return [{ type: 'toolStarted', itemId, parentItemId: null, ...viewTool(item, this.#deps.projectDir) }];
  }

  /** `part` counts the parts of a thought, which are told one after the other; what comes of another `source` says the same again. */
  streamed(id: string, delta: string, { kind, part, source }: { kind: BlockKind; part: number; source: string }): AgentEvent[] {
    if (delta === '') return [];
    const block = this.#blocks.get(id) ?? { itemId: this.#deps.newId(), kind, length: 0, part, source };
    if (block.source !== source) return [];
    this.#blocks.set(id, block);
    const text = block.part === part ? delta : `${partSeparator}${delta}`;
    block.part = part;
    return [grow(block, text)];
  }

  /** Its output so far; of a long one the end. */
  printed(id: string, delta: string): AgentEvent[] {
    const tool = this.#tools.get(id);
    if (!tool) return [];
    tool.output = (tool.output + delta).slice(-limits.toolOutputChars);
    return [{ type: 'toolProgressed', itemId: tool.itemId, content: [{ type: 'text', text: tool.output }] }];
  }

  patched(id: string, changes: readonly FileChange[]): AgentEvent[] {
    const tool = this.#tools.get(id);
    if (!tool) return [];
    tool.item = { ...tool.item, changes: [...changes] };
    const { title, content } = viewTool(tool.item, this.#deps.projectDir);
    return [{ type: 'toolProgressed', itemId: tool.itemId, title, content }];
  }

  completed(item: ThreadItem, isStopping: boolean): AgentEvent[] {
    const kind = blockKind(item);
    if (kind) return this.#endBlock(item, kind);
    if (silent.has(item.type)) return [];
    const before = this.started(item);
    const tool = this.#tools.get(item.id);
    if (!tool) return before;
    this.#tools.delete(item.id);
    const status = finalStatus(item) ?? 'ok';
    const content = resultContent(item, this.#deps.projectDir);
    const end = isStopping && status === 'failed' ? 'interrupted' : status;
    return [...before, { type: 'toolEnded', itemId: tool.itemId, status: end, ...(content && { content }) }];
  }

  /** The turn is over: text stays as it is, and a cut one is not called whole. */
  endAll({ isCut }: { readonly isCut: boolean }): AgentEvent[] {
    const blocks = isCut ? [] : [...this.#blocks.values()].map(({ itemId }): AgentEvent => ({ type: 'blockEnded', itemId }));
    const tools = [...this.#tools.values()].map(({ itemId }): AgentEvent => ({ type: 'toolEnded', itemId, status: 'interrupted' }));
    this.#blocks.clear();
    this.#tools.clear();
    return [...blocks, ...tools];
  }

  #endBlock(item: ThreadItem, kind: BlockKind): AgentEvent[] {
    const known = this.#blocks.get(item.id);
    this.#blocks.delete(item.id);
    const block = known ?? { itemId: this.#deps.newId(), kind, length: 0, part: 0, source: '' };
    const rest = wholeOf(item).slice(block.length);
    if (rest === '' && block.length === 0) return [];
    const added = rest === '' ? [] : [grow(block, rest)];
    return [...added, { type: 'blockEnded', itemId: block.itemId }];
  }
}

function grow(block: Block, text: string): AgentEvent {
  const event: AgentEvent = { type: block.kind, itemId: block.itemId, offset: block.length, text };
  block.length += text.length;
  return event;
}

function blockKind({ type }: ThreadItem): BlockKind | undefined {
  if (type === 'agentMessage' || type === 'plan') return 'text';
  return type === 'reasoning' ? 'thinking' : undefined;
}

function wholeOf({ type, text, summary, content }: ThreadItem): string {
  if (type !== 'reasoning') return text ?? '';
  const parts = summary && summary.length > 0 ? summary : Array.isArray(content) ? content : [];
  return parts.filter((part) => typeof part === 'string').join(partSeparator);
}
