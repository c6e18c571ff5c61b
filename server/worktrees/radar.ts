/** Who changes what at the same time. Pure. */
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { FileConflict } from '../protocol/worktree.ts';

export type Touched = { readonly agentId: AgentId; readonly projectId: ProjectId; readonly paths: readonly string[] };

/** Of worktrees of one project; a path that only one has touched is nobody else's concern. */
export function conflictsAmong(touched: readonly Touched[]): FileConflict[] {
  const byPath = new Map<string, { projectId: ProjectId; path: string; agents: Set<AgentId> }>();
  for (const { agentId, projectId, paths } of touched) {
    for (const path of paths) {
      const key = `${projectId} ${path}`;
      const known = byPath.get(key) ?? { projectId, path, agents: new Set() };
      known.agents.add(agentId);
      byPath.set(key, known);
    }
  }
  const shared = [...byPath.values()].filter(({ agents }) => agents.size > 1);
  return shared.map(({ agents, ...same }) => ({ ...same, agents: [...agents].sort() })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Those that were not there before, also when somebody else has joined in. */
export function newConflicts(before: readonly FileConflict[], now: readonly FileConflict[]): FileConflict[] {
  const known = new Set(before.map(keyOf));
  return now.filter((conflict) => !known.has(keyOf(conflict)));
}

export function keyOf({ projectId, path, agents }: FileConflict): string {
  return `${projectId} ${path} ${agents.join(' ')}`;
}
