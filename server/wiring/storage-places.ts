/** What of the data directory is counted, and the worktrees beside the projects. */
import { basename } from 'node:path';
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
    { kind: 'logs', name: basename(logs), paths: () => [logs] },
    { kind: 'quarantine', name: basename(quarantine), paths: () => [quarantine] },
    { kind: 'backups', name: basename(backups), paths: () => [backups] },
    { kind: 'archive', name: basename(archive), paths: () => [archive] },
    { kind: 'agents', name: basename(agentsDir), paths: () => [agentsDir] },
    { kind: 'worktrees', name: 'beside the projects', paths: worktrees },
    { kind: 'bundles', name: basename(bundles), paths: () => [bundles] },
    { kind: 'imports', name: basename(imports), paths: () => [imports] },
    { kind: 'runtime', name: basename(runtime), paths: () => [runtime] },
  ] as const;
  return new Storage({ dataDir, folders, clock: systemClock });
}
