/** What may be asked about worktrees. A worktree is named by its id or by its agent. */
import * as z from 'zod/mini';
import { Reference } from './ids.ts';
import { ChangedFile, DependencyMode, FileConflict, Lease, Worktree, WorktreeReport } from './worktree.ts';

const one = z.object({ worktree: Reference });
const path = z.string().check(z.minLength(1), z.maxLength(4096));

export const worktreeRequests = {
  /** From the branch or commit `from`, or from what the project's folder is on. The agent works there from its next start on. */
  'worktree/create': {
    params: z.object({
      agent: Reference,
      from: z.optional(z.string().check(z.minLength(1), z.maxLength(250))),
      dependencies: z.optional(DependencyMode),
      /** Untracked paths of the project's folder that are to be there as links. */
      links: z.optional(z.array(path)),
    }),
    result: Worktree,
  },
  /** With `removed`, also those that can be restored. */
  'worktree/list': {
    params: z.object({ project: z.optional(Reference), removed: z.optional(z.boolean()) }),
    result: z.object({ worktrees: z.array(WorktreeReport) }),
  },
  'worktree/show': { params: one, result: WorktreeReport },
  /** Against the commit at which it parted from its base, with what is in no commit. */
  'worktree/diff': {
    params: z.extend(one, { patch: z.optional(z.boolean()) }),
    result: z.object({ from: z.string(), files: z.array(ChangedFile), patch: z.nullable(z.string()), isWhole: z.boolean() }),
  },
  /** A file as it was when the worktree parted from its base; null when it was not there, or is no text of a few megabytes. */
  'worktree/original': { params: z.extend(one, { path }), result: z.object({ text: z.nullable(z.string()) }) },
  /** Into its base. Refused, with nothing changed, when there are conflicts or uncommitted files. */
  'worktree/merge': { params: one, result: z.object({ base: z.string(), commit: z.string(), isFastForward: z.boolean() }) },
  /** Writes and proves a bundle, then removes the folder. */
  'worktree/remove': { params: one, result: Worktree },
  'worktree/restore': { params: one, result: Worktree },
  /** Files that several agents have changed. */
  'worktree/conflicts': { params: z.object({ project: z.optional(Reference) }), result: z.object({ conflicts: z.array(FileConflict) }) },
  /** Tells the other agents of the project that this one works on the path; `minutes` of 0 ends it. */
  'worktree/lease': {
    params: z.object({ agent: Reference, path, minutes: z.number().check(z.int(), z.minimum(0), z.maximum(10_080)) }),
    result: z.object({ leases: z.array(Lease) }),
  },
  'worktree/leases': { params: z.object({ project: z.optional(Reference) }), result: z.object({ leases: z.array(Lease) }) },
} as const;
