/**
 * Which files agents have written lately, by what their programs tell of their tools: two at one file get into each
 * other's way. A file that a shell command writes is not seen.
 */
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { forgetOldest } from '../base/forget-oldest.ts';
import type { AgentEvent, ToolContent } from '../protocol/agent-event.ts';
import type { AgentId, ItemId } from '../protocol/ids.ts';

export type WrittenFilesDeps = {
  readonly clock: Clock;
  /** The folder that the agent works in. */
  readonly folder: (id: AgentId) => string;
};

type Tool = { readonly agentId: AgentId; readonly paths: readonly string[] };

/** What was written longer ago has been read since, or is of no concern any more. */
export const recentMs = 60 * 60_000;
const rememberedFiles = 5_000;
const rememberedTools = 1_000;

export class WrittenFiles {
  readonly #deps: WrittenFilesDeps;
  /** By path, the one written last at the end: when each agent wrote it. */
  readonly #files = new Map<string, Map<AgentId, number>>();
  /** At work, with what they are going to write. */
  readonly #tools = new Map<ItemId, Tool>();

  constructor(deps: WrittenFilesDeps) {
    this.#deps = deps;
  }

  onEvent(agentId: AgentId, event: AgentEvent): void {
    if (event.type !== 'toolStarted' && event.type !== 'toolProgressed' && event.type !== 'toolEnded') return;
    if (event.content) this.#expect(agentId, event.itemId, event.content);
    if (event.type !== 'toolEnded') return;
    const tool = this.#tools.get(event.itemId);
    this.#tools.delete(event.itemId);
    if (event.status === 'ok') for (const path of tool?.paths ?? []) this.#wrote(agentId, path);
  }

  /** Files that the agent and another have written within the last hour. */
  sharedBy(id: AgentId): number {
    const since = this.#deps.clock.elapsed() - recentMs;
    let count = 0;
    for (const writers of this.#files.values()) {
      const recent = [...writers].filter(([, at]) => at >= since);
      if (recent.length > 1 && recent.some(([writer]) => writer === id)) count += 1;
    }
    return count;
  }

  forget(id: AgentId): void {
    for (const writers of this.#files.values()) writers.delete(id);
    for (const [itemId, { agentId }] of this.#tools) if (agentId === id) this.#tools.delete(itemId);
  }

  #expect(agentId: AgentId, itemId: ItemId, content: readonly ToolContent[]): void {
    const paths = content.flatMap((part) => (part.type === 'diff' ? [part.path] : []));
    if (paths.length === 0) return;
    this.#tools.set(itemId, { agentId, paths });
    forgetOldest(this.#tools, rememberedTools);
  }

  #wrote(agentId: AgentId, path: string): void {
    const { clock, folder } = this.#deps;
    const file = resolve(folder(agentId), path);
    const writers = this.#files.get(file) ?? new Map<AgentId, number>();
    this.#files.delete(file);
    this.#files.set(file, writers.set(agentId, clock.elapsed()));
    forgetOldest(this.#files, rememberedFiles);
  }
}
