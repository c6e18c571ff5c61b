/** The worktrees of agents. What changes one is done one after the other, so that no two change a repository at once. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../base/emitter.ts';
import { OneByOne } from '../base/one-by-one.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId, WorktreeId } from '../protocol/ids.ts';
import type { DependencyMode, Worktree, WorktreeReport } from '../protocol/worktree.ts';
import { bringBack } from './bring-back.ts';
import { type Changes, changesOf, originalOf, touchedPaths } from './changes.ts';
import { endRestore, settleCutOff } from './cut-off.ts';
import type { WorktreesDeps } from './deps.ts';
import { makeWorktree, takeBack } from './make.ts';
import { type Merged, mergeIntoBase } from './merge.ts';
import type { Touched } from './radar.ts';
import { commitOf, exists, repositoryAt } from './repository.ts';
import { isReadable, proofOf, removedReason, stateOf, type WorktreeRecord } from './state.ts';
import { type StrayWorktrees, strayWorktrees } from './strays.ts';
import { takeAway } from './take-away.ts';
import { WorktreeStore } from './worktree-store.ts';

export type CreateWish = {
  readonly agent: string;
  readonly from?: string | undefined;
  readonly dependencies?: DependencyMode | undefined;
  readonly links?: readonly string[] | undefined;
};

const nothingKnown = { unpushed: [], unpushedCount: 0, dirty: [], dirtyCount: 0, heldBy: [], head: null };

export class Worktrees {
  readonly changed = new Emitter<void>();
  readonly #deps: WorktreesDeps;
  readonly #store: WorktreeStore;
  readonly #work = new OneByOne();
  /** Whose folder is about to go: nothing may be started there. */
  readonly #leaving = new Set<AgentId>();

  constructor(deps: WorktreesDeps) {
    this.#deps = deps;
    this.#store = new WorktreeStore(deps.file.db);
  }

  /** The one in which the agent works from its next start on. Throws while that is being removed. */
  ofAgent(id: AgentId): WorktreeRecord | undefined {
    if (this.#leaving.has(id)) throw new AgorError('conflict', 'Its worktree is being removed just now. Start it again in a moment.');
    return this.#store.ofAgent(id);
  }

  /** Also while it is being removed. */
  present(id: AgentId): WorktreeRecord | undefined {
    return this.#store.ofAgent(id);
  }

  /** In which agents work. */
  folders(): string[] {
    return this.#store.all().flatMap(({ path, removedAt }) => (removedAt === null ? [path] : []));
  }

  create(wish: CreateWish, actor: string): Promise<Worktree> {
    return this.#work.do(async () => {
      const agent = this.#deps.findAgent(wish.agent);
      const project = this.#projectOf(agent.projectId);
      const present = this.#store.ofAgent(agent.id);
      if (present) throw new AgorError('conflict', `${agent.name} has a worktree already, in ${present.path}. Remove that one first.`);
      const { dependencies = 'none', links = [], from } = wish;
      const { umask } = this.#deps;
      const made = await makeWorktree({ projectDir: project.path, agentName: agent.name, from, dependencies, links, umask });
      const { linked, ...place } = made;
      const own = { id: newId<WorktreeId>(), projectId: project.id, agentId: agent.id, top: project.path };
      const record = { ...own, ...place, dependencies, linked: [...linked], createdAt: this.#deps.now(), removedAt: null, bundle: null };
      try {
        this.#keep(record, 'worktree_created', { actor, detail: { from: made.baseCommit, linked } });
      } catch (error) {
        await takeBack({ cwd: project.path }, made, made.baseCommit);
        throw error;
      }
      return worktreeOf(record);
    });
  }

  async list({
    projectId,
    removed = false,
  }: {
    projectId?: ProjectId | undefined;
    removed?: boolean | undefined;
  }): Promise<WorktreeReport[]> {
    const wanted = this.#store.all().filter((record) => projectId === undefined || record.projectId === projectId);
    const reports: WorktreeReport[] = [];
    // One after the other: each asks git several things.
    for (const record of wanted) if (removed || record.removedAt === null) reports.push(await this.#report(record));
    return reports;
  }

  show(reference: string): Promise<WorktreeReport> {
    return this.#report(this.#find(reference, this.#store.all()));
  }

  diff(reference: string, withPatch: boolean): Promise<Changes> {
    return changesOf(this.#findOpen(reference), withPatch);
  }

  original(reference: string, path: string): Promise<string | null> {
    return originalOf(this.#findOpen(reference), path);
  }

  merge(reference: string, actor: string): Promise<Merged> {
    return this.#work.do(async () => {
      const record = this.#findOpen(reference);
      const { dirtyCount, head } = await proofOf(record);
      if (head !== record.branch) {
        throw new AgorError(
          'conflict',
          `It is on ${head ?? 'nothing'} and not on its branch ${record.branch}. Switch it back, or merge with git.`,
        );
      }
      if (dirtyCount > 0) {
        throw new AgorError(
          'conflict',
          'It has files that are in no commit, which a merge would leave behind. Let the agent commit them, then merge.',
        );
      }
      const { commonDir } = await repositoryAt(this.#topOf(record));
      const merged = await mergeIntoBase(record, { cwd: commonDir, gitDir: commonDir, umask: this.#deps.umask });
      this.#audit(record, 'worktree_merged', { actor, detail: merged });
      return merged;
    });
  }

  remove(reference: string, actor: string): Promise<Worktree> {
    return this.#work.do(async () => {
      const record = this.#findOpen(reference);
      const who = this.#deps.agentName(record.agentId);
      if (this.#deps.isLive(record.agentId, record.path)) {
        throw new AgorError('conflict', `${who} works in it. Stop ${who}, then remove the worktree.`);
      }
      this.#leaving.add(record.agentId);
      try {
        return await this.#takeAway(record, actor);
      } finally {
        this.#leaving.delete(record.agentId);
      }
    });
  }

  restore(reference: string, actor: string): Promise<Worktree> {
    return this.#work.do(async () => {
      const removed = this.#store.all().filter(({ removedAt }) => removedAt !== null);
      const record = this.#find(reference, removed);
      const { bundle } = record;
      if (!bundle) throw new AgorError('notFound', 'It has no bundle from which it could be restored.');
      const present = this.#store.ofAgent(record.agentId);
      if (present) throw new AgorError('conflict', `The agent has another worktree now, in ${present.path}. Remove that one first.`);
      const { dir, umask } = this.#deps;
      const { commonDir } = await repositoryAt(this.#topOf(record));
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const back = await bringBack({ record, bundle, dir, commonDir, umask });
      const restored = { ...record, ...back, removedAt: null };
      this.#keep(restored, 'worktree_restored', { actor, detail: { bundle: bundle.path, sha256: bundle.sha256 } });
      await endRestore(this.#deps, restored);
      return worktreeOf(restored);
    });
  }

  /** What each agent has changed since its worktree parted from its base; nothing of those that cannot be read. */
  async touched(): Promise<Touched[]> {
    const found: Touched[] = [];
    for (const record of this.#store.all()) {
      if (record.removedAt !== null || !(await exists(record.path))) continue;
      const paths = await touchedPaths(record).catch((err: unknown) => {
        this.#deps.log('the changes of a worktree cannot be read', { path: record.path, err });
        return [];
      });
      found.push({ agentId: record.agentId, projectId: record.projectId, paths });
    }
    return found;
  }

  /** What does not belong together, of the projects that there are and of all rows. */
  strays(projects: ReadonlyMap<string, string>): Promise<StrayWorktrees> {
    return strayWorktrees({ records: this.#store.all(), projects });
  }

  /**
   * Goes on where an earlier backend was cut off: a folder that was moved aside is put back, or goes if it is in its
   * bundle. What is half restored is told by its mark, and the next restore begins anew.
   */
  settle(): Promise<void> {
    return this.#work.do(() => settleCutOff(this.#deps, this.#store.all()));
  }

  async #takeAway(record: WorktreeRecord, actor: string): Promise<Worktree> {
    const { dir, umask, now } = this.#deps;
    const { commonDir } = await repositoryAt(this.#topOf(record));
    if (!(await exists(record.path)) && !(await isReadable(record))) return this.#close(record, commonDir, actor);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    let removed: WorktreeRecord = record;
    await takeAway({
      ...{ record, dir, commonDir, umask },
      bundlePath: join(dir, `${record.id}-${now()}.bundle`),
      keep: ({ path, bytes, sha256 }) => {
        removed = { ...record, removedAt: now(), bundle: { path, bytes, sha256 } };
        this.#keep(removed, 'worktree_removed', { actor, detail: { bundle: path, bytes, sha256 } });
      },
    });
    return worktreeOf(removed);
  }

  /** Folder and git's own part of it are gone: there is nothing to keep, and its branch is left as it is. */
  async #close(record: WorktreeRecord, commonDir: string, actor: string): Promise<Worktree> {
    const tip = await commitOf({ cwd: commonDir, gitDir: commonDir }, `refs/heads/${record.branch}`);
    const closed = { ...record, removedAt: this.#deps.now(), bundle: null };
    this.#keep(closed, 'worktree_removed', { actor, detail: { bundle: null, branchAt: tip } });
    return worktreeOf(closed);
  }

  async #report(record: WorktreeRecord): Promise<WorktreeReport> {
    const worktree = worktreeOf(record);
    const size = { bytes: record.bundle?.bytes ?? 0, isWhole: true };
    if (record.removedAt !== null) {
      return { worktree, state: 'removed', size, proof: { ...nothingKnown, reasons: [removedReason(worktree)] } };
    }
    try {
      if (!(await isReadable(record))) throw new AgorError('notFound', `git does not know of it any more: ${record.gitDir} is gone.`);
      const { isThere, ...proof } = await proofOf(record);
      const isLive = this.#deps.isLive(record.agentId, record.path);
      const { state, reasons } = stateOf({ ...proof, isThere, isLive });
      return { worktree, state, proof: { ...proof, reasons }, size: await this.#deps.sizeOf(record.path) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { worktree, state: 'unreadable', proof: { ...nothingKnown, reasons: [reason] }, size: await this.#deps.sizeOf(record.path) };
    }
  }

  #projectOf(id: ProjectId) {
    const project = this.#deps.getProject(id);
    if (!project) throw new AgorError('notFound', 'The project was removed. Add its folder again.');
    if (project.trusted) return project;
    throw new AgorError('untrusted', `The project ${project.name} is not trusted, so no worktree of it is made. Trust it first.`);
  }

  /** The project may have been removed, or be elsewhere by now. */
  #topOf(record: WorktreeRecord): string {
    return this.#deps.getProject(record.projectId)?.path ?? record.top;
  }

  #findOpen(reference: string): WorktreeRecord {
    return this.#find(
      reference,
      this.#store.all().filter(({ removedAt }) => removedAt === null),
    );
  }

  /** By an agent's name the newest of its worktrees is meant, and one that is there before one that was removed. */
  #find(reference: string, among: readonly WorktreeRecord[]): WorktreeRecord {
    const inOrder = [...among].sort((a, b) => Number(b.removedAt === null) - Number(a.removedAt === null) || b.createdAt - a.createdAt);
    const named = new Set<AgentId>();
    const candidates = inOrder.map((record) => {
      const isNewest = !named.has(record.agentId);
      named.add(record.agentId);
      return { id: record.id, ...(isNewest ? { name: this.#deps.agentName(record.agentId) } : {}), record };
    });
    const ofAgent = candidates.find(({ record, name }) => name !== undefined && record.agentId === reference);
    return (ofAgent ?? resolveReference('worktree', reference, candidates)).record;
  }

  #keep(
    record: WorktreeRecord,
    event: AuditEvent,
    how: { readonly actor: string; readonly detail: Readonly<Record<string, unknown>> },
  ): void {
    this.#deps.file.write(() => {
      this.#store.put(record);
      this.#audit(record, event, how);
    });
    this.changed.emit();
  }

  #audit(
    { id, agentId, path, branch, base }: WorktreeRecord,
    event: AuditEvent,
    { actor, detail }: { readonly actor: string; readonly detail: Readonly<Record<string, unknown>> },
  ): void {
    const { file, audit, now } = this.#deps;
    file.write(() => audit.append({ at: now(), event, agentId, actor, detail: { worktree: id, path, branch, base, ...detail } }));
  }
}

/** What others are told. */
function worktreeOf({ gitDir: _, top: __, ...worktree }: WorktreeRecord): Worktree {
  return worktree;
}
