/** Looks now and then which agents change the same files, and knows what each of them is to be told of the others. */
import { Emitter } from '../base/emitter.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { FileConflict, Lease, Workspace } from '../protocol/worktree.ts';
import { neighboursNote, workspaceNotes } from './notes.ts';
import { conflictsAmong, newConflicts, type Touched } from './radar.ts';
import type { WorktreeRecord } from './state.ts';

export type NeighboursDeps = {
  readonly touched: () => Promise<Touched[]>;
  readonly leases: (projectId: ProjectId) => Lease[];
  readonly worktreeOf: (id: AgentId) => WorktreeRecord | undefined;
  readonly projectOf: (id: AgentId) => ProjectId;
  readonly agentName: (id: AgentId) => string;
};

const back = 'You work in the folder of the project again, no longer in a worktree of your own.';

export class Neighbours {
  /** What was not so when it was looked the last time. */
  readonly arisen = new Emitter<readonly FileConflict[]>();
  readonly changed = new Emitter<void>();
  readonly #deps: NeighboursDeps;
  readonly #told = new Map<AgentId, string>();
  #conflicts: readonly FileConflict[] = [];
  #looking: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(deps: NeighboursDeps) {
    this.#deps = deps;
  }

  /** One look at a time; being asked during one makes one more. */
  look(): Promise<void> {
    this.#isAskedAgain = this.#looking !== undefined;
    this.#looking ??= this.#lookUntilDone().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  conflicts(projectId: ProjectId | undefined): FileConflict[] {
    return this.#conflicts.filter((conflict) => projectId === undefined || conflict.projectId === projectId);
  }

  conflictsOf(id: AgentId): number {
    return this.#conflicts.filter(({ agents }) => agents.includes(id)).length;
  }

  /** What the agent does not know yet of its folder and of the others; all of it when it `isDue`. Undefined for nothing. */
  notesFor(id: AgentId, isDue: boolean): string | undefined {
    const notes = this.#notes(id);
    const told = this.#told.get(id);
    if (notes === '' && !told) return undefined;
    if (notes === told && !isDue) return undefined;
    this.#told.set(id, notes);
    return notes === '' ? back : notes;
  }

  forget(id: AgentId): void {
    this.#told.delete(id);
  }

  #notes(id: AgentId): string {
    const { worktreeOf, projectOf, leases, agentName } = this.#deps;
    const record = worktreeOf(id);
    const own = record ? workspaceNotes(JSON.stringify(workspaceOf(record))) : '';
    const conflicts = this.#conflicts.filter(({ agents }) => agents.includes(id));
    const others = neighboursNote({
      conflicts: conflicts.map(({ path, agents }) => ({ path, others: agents.filter((agent) => agent !== id).map(agentName) })),
      leases: leases(projectOf(id)).flatMap(({ agentId, path, until }) =>
        agentId === id ? [] : [{ path, until, who: agentName(agentId) }],
      ),
    });
    return [own, others].filter((note) => note !== '').join('\n\n');
  }

  async #lookUntilDone(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      const before = this.#conflicts;
      this.#conflicts = conflictsAmong(await this.#deps.touched());
      const arisen = newConflicts(before, this.#conflicts);
      if (arisen.length > 0) this.arisen.emit(arisen);
      if (arisen.length > 0 || before.length !== this.#conflicts.length) this.changed.emit();
    } while (this.#isAskedAgain);
  }
}

/** What a sidecar, its program and the agent are told, always in the same form. */
export function workspaceOf({ dependencies, linked }: WorktreeRecord): Workspace {
  return { mode: 'isolated', deps: { mode: dependencies }, symlinks: { linked: [...linked] } };
}
