/**
 * When tools of agents were at work, so that a change of a file can be told from one that none of them made. Moments are
 * in epoch milliseconds, as events and files have them.
 */
import { isAbsolute, relative, sep } from 'node:path';
import { forgetOldest } from '../base/forget-oldest.ts';
import type { ToolKind } from '../protocol/agent-event.ts';
import type { AgentId, ItemId } from '../protocol/ids.ts';

export type StartedTool = {
  readonly itemId: ItemId;
  readonly agentId: AgentId;
  readonly kind: ToolKind;
  /** Below it the tool may write anything, unless it is an edit that tells its paths. */
  readonly folder: string;
  readonly paths: readonly string[];
  readonly at: number;
};

export type Span = { readonly from: number; readonly to: number };

type Work = Pick<StartedTool, 'agentId' | 'kind' | 'folder'> & {
  paths: readonly string[];
  /** Null while a person is asked: nothing is done before the answer. */
  from: number | null;
  to: number | null;
};

/** What is told of a tool, and what a file system keeps of a file, are no more exact. */
export const slackMs = 2_000;
const rememberedTools = 2_000;
const harmless: ReadonlySet<ToolKind> = new Set<ToolKind>(['read', 'search', 'think', 'fetch']);

export class ToolTimes {
  readonly #works = new Map<ItemId, Work>();

  begin({ itemId, agentId, kind, folder, paths, at }: StartedTool): void {
    if (harmless.has(kind)) return;
    this.#works.set(itemId, { agentId, kind, folder, paths, from: at, to: null });
    forgetOldest(this.#works, rememberedTools);
  }

  /** Where that is told later than the beginning. */
  writes(itemId: ItemId, paths: readonly string[]): void {
    const work = this.#works.get(itemId);
    if (work) work.paths = paths;
  }

  waits(itemId: ItemId): void {
    const work = this.#works.get(itemId);
    if (work?.to === null) work.from = null;
  }

  /** The person has answered the agent: what waited goes on. */
  goesOn(agentId: AgentId, at: number): void {
    for (const work of this.#works.values()) if (work.agentId === agentId) work.from ??= at;
  }

  end(itemId: ItemId, at: number): void {
    const work = this.#works.get(itemId);
    if (work) Object.assign(work, { from: work.from ?? at, to: at });
  }

  /** Its program is gone, and its tools with it. */
  endAll(agentId: AgentId, at: number): void {
    for (const [itemId, work] of this.#works) if (work.agentId === agentId && work.to === null) this.end(itemId, at);
  }

  forget(agentId: AgentId): void {
    for (const [itemId, work] of this.#works) if (work.agentId === agentId) this.#works.delete(itemId);
  }

  /** Whether one of them may have made a change of the file at some moment of the span. */
  mayHaveWritten(file: string, { from, to }: Span): boolean {
    return [...this.#works.values()].some((work) => {
      if (work.from === null || to < work.from - slackMs || from >= (work.to ?? to) + slackMs) return false;
      return work.kind === 'edit' && work.paths.length > 0 ? work.paths.includes(file) : isBelow(work.folder, file);
    });
  }
}

export function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !isAbsolute(path) && path.split(sep)[0] !== '..';
}
