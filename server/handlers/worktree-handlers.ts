/** Which feature answers the methods about worktrees. */
import type { Handlers } from '../dispatch.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Leases } from '../worktrees/leases.ts';
import type { Neighbours } from '../worktrees/neighbours.ts';
import type { Worktrees } from '../worktrees/worktrees.ts';

export type WorktreeFeatures = {
  readonly worktrees: Worktrees;
  readonly leases: Leases;
  readonly neighbours: Neighbours;
  readonly projectIdOf: (reference: string) => ProjectId;
  readonly findAgent: (reference: string) => { readonly id: AgentId; readonly projectId: ProjectId };
};

type WorktreeMethods = Extract<keyof Handlers, `worktree/${string}`>;

export function worktreeHandlers({
  worktrees,
  leases,
  neighbours,
  projectIdOf,
  findAgent,
}: WorktreeFeatures): Pick<Handlers, WorktreeMethods> {
  const idOf = (project: string | undefined) => (project === undefined ? undefined : projectIdOf(project));
  return {
    'worktree/create': (params, caller) => worktrees.create(params, caller.kind),
    'worktree/list': async ({ project, removed }) => ({ worktrees: await worktrees.list({ projectId: idOf(project), removed }) }),
    'worktree/show': ({ worktree }) => worktrees.show(worktree),
    'worktree/diff': ({ worktree, patch = false }) => worktrees.diff(worktree, patch),
    'worktree/original': async ({ worktree, path }) => ({ text: await worktrees.original(worktree, path) }),
    'worktree/merge': ({ worktree }, caller) => worktrees.merge(worktree, caller.kind),
    'worktree/remove': ({ worktree }, caller) => worktrees.remove(worktree, caller.kind),
    'worktree/restore': ({ worktree }, caller) => worktrees.restore(worktree, caller.kind),
    'worktree/conflicts': async ({ project }) => {
      await neighbours.look();
      return { conflicts: neighbours.conflicts(idOf(project)) };
    },
    'worktree/lease': ({ agent, path, minutes }, caller) => {
      const { id: agentId, projectId } = findAgent(agent);
      leases.set({ agentId, projectId, path, minutes }, caller.kind);
      return { leases: leases.of(projectId) };
    },
    'worktree/leases': ({ project }) => ({ leases: leases.of(idOf(project)) }),
  };
}
