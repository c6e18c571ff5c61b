/** A folder of its own in which one agent works on a branch of its own, beside the project's folder. */
import * as z from 'zod/mini';
import { AgentId, ProjectId, WorktreeId } from './ids.ts';

/**
 * `safe`: everything in it is elsewhere too. `unpushed`: commits are only there. `dirty`: files are only there. `live`: an
 * agent works in it. `gone`: the folder is not there. `unreadable`: git does not say. `removed`: it is in a
 * bundle, unless nothing of it was left.
 */
export const WorktreeState = z.enum(['safe', 'unpushed', 'dirty', 'live', 'gone', 'unreadable', 'removed']);
export type WorktreeState = z.infer<typeof WorktreeState>;

/** `none`: what the project has installed is not there. `linked`: it is, by links into the project's folder. */
export const DependencyMode = z.enum(['none', 'linked']);
export type DependencyMode = z.infer<typeof DependencyMode>;

export const Worktree = z.object({
  id: WorktreeId,
  projectId: ProjectId,
  agentId: AgentId,
  path: z.string(),
  branch: z.string(),
  /** The branch that it goes back to; null when it began at a commit that no branch was named for. */
  base: z.nullable(z.string()),
  baseCommit: z.string(),
  dependencies: DependencyMode,
  /** Paths below the folder that are links into the project's folder, and only to be read. */
  linked: z.array(z.string()),
  createdAt: z.number(),
  removedAt: z.nullable(z.number()),
  /** What it was removed into; null also where its folder, and what git keeps of one, were gone already. */
  bundle: z.nullable(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Worktree = z.infer<typeof Worktree>;

export const WorktreeProof = z.object({
  /** One sentence each: why the state is what it is. */
  reasons: z.array(z.string()),
  /** Commits that no other branch, tag or remote has; the newest first, and how many there are. */
  unpushed: z.array(z.object({ commit: z.string(), subject: z.string() })),
  unpushedCount: z.number(),
  /** Files that are in no commit. */
  dirty: z.array(z.string()),
  dirtyCount: z.number(),
  /** Branches and tags that hold everything that was committed here. */
  heldBy: z.array(z.string()),
  /** Where it is: its branch, or the commit of a detached HEAD. */
  head: z.nullable(z.string()),
});
export type WorktreeProof = z.infer<typeof WorktreeProof>;

export const WorktreeReport = z.object({
  worktree: Worktree,
  state: WorktreeState,
  proof: WorktreeProof,
  /** `isWhole` is false when there are too many files to count. */
  size: z.object({ bytes: z.number(), isWhole: z.boolean() }),
});
export type WorktreeReport = z.infer<typeof WorktreeReport>;

export const ChangedFile = z.object({
  path: z.string(),
  status: z.enum(['added', 'changed', 'deleted']),
  /** Null for what is no text. */
  added: z.nullable(z.number()),
  removed: z.nullable(z.number()),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** A path that several have changed since they parted. */
export const FileConflict = z.object({ projectId: ProjectId, path: z.string(), agents: z.array(AgentId) });
export type FileConflict = z.infer<typeof FileConflict>;

/** What an agent has for itself for a while: the others are told, nobody is held back. A folder ends in `/`. */
export const Lease = z.object({ projectId: ProjectId, agentId: AgentId, path: z.string(), until: z.number() });
export type Lease = z.infer<typeof Lease>;

/** What a sidecar and the agent's program are told of the folder. */
export const Workspace = z.object({
  mode: z.literal('isolated'),
  deps: z.object({ mode: DependencyMode }),
  symlinks: z.object({ linked: z.array(z.string()) }),
});
export type Workspace = z.infer<typeof Workspace>;
