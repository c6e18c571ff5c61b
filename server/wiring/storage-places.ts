/** What of the data directory is counted, and the worktrees beside the projects. */
import { systemClock } from '../base/clock.ts';
import { Storage } from '../metrics/storage.ts';
import type { Parts } from '../parts.ts';
import type { ServerOptions } from '../server-options.ts';

export function buildStorage(
  { paths }: Pick<ServerOptions, 'paths'>,
  { agents, workspaces }: Pick<Parts, 'agents' | 'workspaces'>,
): Storage {
  const { dataDir, logs, quarantine, backups, archive, agents: agentsDir, bundles, imports, runtime } = paths;
  const worktrees = () => agents.registry.all().flatMap(({ id }) => workspaces.worktrees.ofAgent(id)?.path ?? []);
  const folders = [
    { kind: 'logs', paths: () => [logs] },
    { kind: 'quarantine', paths: () => [quarantine] },
    { kind: 'backups', paths: () => [backups] },
    { kind: 'archive', paths: () => [archive] },
    { kind: 'agents', paths: () => [agentsDir] },
    { kind: 'worktrees', paths: worktrees },
    { kind: 'bundles', paths: () => [bundles] },
    { kind: 'imports', paths: () => [imports] },
    { kind: 'runtime', paths: () => [runtime] },
  ] as const;
  return new Storage({ dataDir, folders, clock: systemClock });
}
