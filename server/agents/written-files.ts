/**
 * Which files agents have written lately, by what their programs tell of their tools: two at one file, or an agent and
 * somebody who is no agent, get into each other's way. What a command of an agent writes is not told by it; so a change
 * that is found while one of them runs a command is taken for its own, unless a window says that the person saved the file.
 */
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { forgetOldest } from '../base/forget-oldest.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { FileConflict } from '../protocol/file-conflict.ts';
import type { AgentId, ItemId } from '../protocol/ids.ts';
import { changeSpan, type FileLook } from './file-change.ts';
import { isBelow, slackMs, ToolTimes } from './tool-times.ts';
import { readPaths, writtenPaths } from './touched-files.ts';

export type WrittenFilesDeps = {
  readonly clock: Clock;
  /** The folder that the agent works in. */
  readonly folder: (id: AgentId) => string;
};

type Tool = { readonly agentId: AgentId; readonly reads: readonly string[]; readonly writes: readonly string[] };

/** What one agent has to do with one file. Moments are the clock's `elapsed`, but for `knownAt`, which is the events'. */
type Part = {
  /** Within its folder; outside of it others write all the time. */
  readonly isInFolder: boolean;
  wroteAt: number;
  /** When it last read or wrote it, and so knew what is in it. */
  knownAt: number;
  /** Somebody else has changed it since, or did when the agent wrote over that. */
  changedAt: number;
  isWrittenOver: boolean;
  /** A person has seen to what was until then. */
  settledAt: number;
};

type File = { readonly parts: Map<AgentId, Part>; look: FileLook | undefined };

/** What was written longer ago has been read since, or is of no concern any more. */
export const recentMs = 60 * 60_000;
const rememberedFiles = 5_000;
const rememberedTools = 1_000;
const never = Number.NEGATIVE_INFINITY;

export class WrittenFiles {
  /** A file that an agent is about to write, so that what somebody did to it can still be seen; or that it has just written. */
  readonly worthALook = new Emitter<string>();
  readonly changed = new Emitter<void>();
  readonly #deps: WrittenFilesDeps;
  readonly #times = new ToolTimes();
  /** By path, the one touched last at the end. */
  readonly #files = new Map<string, File>();
  /** The paths that each agent has touched, the last one at the end; some of them may be forgotten already. */
  readonly #paths = new Map<AgentId, Set<string>>();
  /** At work, with what they are going to read and write. */
  readonly #tools = new Map<ItemId, Tool>();

  constructor(deps: WrittenFilesDeps) {
    this.#deps = deps;
  }

  /** `at`: when it happened, in epoch milliseconds. */
  onEvent(agentId: AgentId, event: AgentEvent, at: number): void {
    switch (event.type) {
      case 'toolStarted': {
        const { itemId, kind } = event;
        this.#times.begin({ itemId, agentId, kind, folder: this.#deps.folder(agentId), paths: [], at });
        if (kind === 'read') this.#expect(agentId, itemId, { reads: this.#resolved(agentId, readPaths(event.input)) });
        return this.#expectWrites(agentId, itemId, writtenPaths(event.content));
      }
      case 'toolProgressed':
        return this.#expectWrites(agentId, event.itemId, writtenPaths(event.content));
      case 'permissionAsked':
        return event.toolItemId === null ? undefined : this.#times.waits(event.toolItemId);
      case 'toolEnded':
        return this.#ended(agentId, event, at);
      case 'turnEnded':
        return event.reason === 'crashed' ? this.#times.endAll(agentId, at) : undefined;
      case 'programEnded':
        return this.#times.endAll(agentId, at);
      default:
        return undefined;
    }
  }

  answered(agentId: AgentId): void {
    this.#times.goesOn(agentId, this.#deps.clock.now());
  }

  /** Those that were written lately, the one that was not looked at for longest first. */
  dueLooks(most: number): string[] {
    const since = this.#since();
    const isDue = ([, { parts }]: [string, File]) => [...parts.values()].some((part) => part.isInFolder && part.wroteAt >= since);
    const due = [...this.#files].filter(isDue).sort(([, a], [, b]) => (a.look?.at ?? 0) - (b.look?.at ?? 0));
    return due.slice(0, most).map(([path]) => path);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** What a look at the file has found. `isSaved`: a window says that the person has just written it. */
  looked(path: string, look: FileLook, isSaved: boolean): void {
    const file = this.#files.get(path);
    if (!file) return;
    const parts = [...file.parts.values()];
    const span = changeSpan(file.look, look, Math.min(...parts.map((part) => part.knownAt)));
    const isFirst = file.look === undefined;
    file.look = look;
    if (isSaved ? !span && !isFirst : !span || this.#times.mayHaveWritten(path, span)) return;
    const missed = parts.filter((part) => isSaved || part.knownAt + slackMs < (span?.to ?? 0));
    for (const part of missed) Object.assign(part, { changedAt: this.#deps.clock.elapsed(), isWrittenOver: false });
    if (missed.length > 0) this.changed.emit();
  }

  /** Files that the agent and somebody else have written within the last hour, the newest first. */
  conflictsOf(id: AgentId): FileConflict[] {
    return [...(this.#paths.get(id) ?? [])].reverse().flatMap((path) => this.#conflict(id, path) ?? []);
  }

  /** Each file once. */
  conflictCount(ids: readonly AgentId[]): number {
    return new Set(ids.flatMap((id) => this.conflictsOf(id).map(({ path }) => path))).size;
  }

  /** A person has seen to it. Answers how many there were. */
  settle(id: AgentId, path: string | undefined): number {
    const settled = this.conflictsOf(id).filter((conflict) => path === undefined || conflict.path === path);
    for (const conflict of settled) {
      const part = this.#files.get(conflict.path)?.parts.get(id);
      if (part) part.settledAt = this.#deps.clock.elapsed();
    }
    if (settled.length > 0) this.changed.emit();
    return settled.length;
  }

  forget(id: AgentId): void {
    this.#paths.delete(id);
    for (const { parts } of this.#files.values()) parts.delete(id);
    for (const [itemId, { agentId }] of this.#tools) if (agentId === id) this.#tools.delete(itemId);
    this.#times.forget(id);
  }

  #conflict(id: AgentId, path: string): FileConflict | undefined {
    const since = this.#since();
    const parts = this.#files.get(path)?.parts;
    const part = parts?.get(id);
    if (!parts || !part || part.wroteAt < since) return undefined;
    const isOther = ([other, { wroteAt }]: [AgentId, Part]) => other !== id && wroteAt >= since && wroteAt > part.settledAt;
    const otherAgents = [...parts].filter(isOther).map(([other]) => other);
    const isChanged = part.changedAt >= since && part.changedAt > part.settledAt;
    if (otherAgents.length === 0 && !isChanged) return undefined;
    const changedElsewhereAt = isChanged ? this.#wallTime(part.changedAt) : null;
    return { path, otherAgents, changedElsewhereAt, isWrittenOver: isChanged && part.isWrittenOver };
  }

  #expectWrites(agentId: AgentId, itemId: ItemId, told: readonly string[]): void {
    if (told.length === 0) return;
    const writes = this.#resolved(agentId, told);
    this.#times.writes(itemId, writes);
    this.#expect(agentId, itemId, { writes });
    for (const path of writes) if (this.#files.get(path)?.parts.get(agentId)?.isInFolder) this.worthALook.emit(path);
  }

  #expect(agentId: AgentId, itemId: ItemId, paths: Partial<Pick<Tool, 'reads' | 'writes'>>): void {
    const known = this.#tools.get(itemId) ?? { agentId, reads: [], writes: [] };
    this.#tools.set(itemId, { ...known, ...paths });
    forgetOldest(this.#tools, rememberedTools);
  }

  #ended(agentId: AgentId, { itemId, status, content }: Extract<AgentEvent, { type: 'toolEnded' }>, at: number): void {
    this.#expectWrites(agentId, itemId, writtenPaths(content));
    this.#times.end(itemId, at);
    const tool = this.#tools.get(itemId);
    this.#tools.delete(itemId);
    if (status !== 'ok' || !tool) return;
    for (const path of tool.reads) this.#read(agentId, path, at);
    for (const path of tool.writes) this.#wrote(agentId, path, at);
  }

  /** It knows what is in the file now; that it has written over what somebody did stays so. */
  #read(agentId: AgentId, path: string, at: number): void {
    const part = this.#touch(agentId, path);
    part.knownAt = at;
    if (!part.isWrittenOver) part.changedAt = never;
  }

  #wrote(agentId: AgentId, path: string, at: number): void {
    const part = this.#touch(agentId, path);
    const isWrittenOver = part.changedAt >= this.#since();
    Object.assign(part, { knownAt: at, wroteAt: this.#deps.clock.elapsed(), isWrittenOver });
    if (part.isInFolder) this.worthALook.emit(path);
  }

  #touch(agentId: AgentId, path: string): Part {
    const file: File = this.#files.get(path) ?? { parts: new Map(), look: undefined };
    const isInFolder = isBelow(this.#deps.folder(agentId), path);
    const nothing = { isInFolder, wroteAt: never, knownAt: 0, changedAt: never, isWrittenOver: false, settledAt: never };
    const part: Part = file.parts.get(agentId) ?? nothing;
    file.parts.set(agentId, part);
    this.#files.delete(path);
    this.#files.set(path, file);
    forgetOldest(this.#files, rememberedFiles);
    this.#listFor(agentId, path);
    return part;
  }

  #listFor(agentId: AgentId, path: string): void {
    const paths = this.#paths.get(agentId) ?? new Set();
    this.#paths.set(agentId, paths);
    paths.delete(path);
    paths.add(path);
    if (paths.size > rememberedFiles) for (const known of paths) if (!this.#files.has(known)) paths.delete(known);
  }

  #resolved(agentId: AgentId, told: readonly string[]): string[] {
    return told.map((path) => resolve(this.#deps.folder(agentId), path));
  }

  #since(): number {
    return this.#deps.clock.elapsed() - recentMs;
  }

  #wallTime(elapsedAt: number): number {
    const { clock } = this.#deps;
    return Math.round(clock.now() - (clock.elapsed() - elapsedAt));
  }
}
