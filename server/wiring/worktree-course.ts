/** The part of the root that builds the worktrees over the rest, and tells those who have to know what becomes of them. */
import { join } from 'node:path';
import type { AgentStore } from '../agents/agent-store.ts';
import type { AgentsFeature } from '../agents/compose.ts';
import type { AgentWorkspace } from '../agents/start-run.ts';
import type { Supervisor } from '../agents/supervisor.ts';
import type { Disposables } from '../base/disposables.ts';
import type { ClientDoor } from '../control/client-door.ts';
import { folderSize } from '../metrics/folder-size.ts';
import type { Notices } from '../notices/notices.ts';
import type { Projects } from '../projects/projects.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { FileConflict } from '../protocol/worktree.ts';
import type { ServerOptions } from '../server-options.ts';
import { Leases } from '../worktrees/leases.ts';
import { Neighbours, workspaceOf } from '../worktrees/neighbours.ts';
import { keyOf } from '../worktrees/radar.ts';
import { Worktrees } from '../worktrees/worktrees.ts';

export type WorktreeParts = { readonly worktrees: Worktrees; readonly leases: Leases; readonly neighbours: Neighbours };

type Setup = {
  readonly options: ServerOptions;
  readonly projects: Projects;
  readonly supervisor: Supervisor;
  readonly store: AgentStore;
  /** Built over this; asked for once all of it is there. */
  readonly agents: () => AgentsFeature;
};

const lookEveryMs = 60_000;
const mostFiles = 200_000;
const now = () => Date.now();

export function composeWorktrees({ options, projects, supervisor, store, agents }: Setup): WorktreeParts {
  const { stores, paths, config, warn } = options;
  const record = { file: stores.btmsg, audit: stores.audit, now };
  const agentName = (id: AgentId) => store.nameOf(id) ?? '';
  const worktrees = new Worktrees({
    ...record,
    dir: paths.bundles,
    umask: config.programUmask,
    findAgent: (reference) => agents().registry.find(reference),
    agentName,
    getProject: (id) => projects.get(id),
    isLive: (id, folder) => supervisor.record(id)?.projectDir === folder,
    sizeOf: (folder) => folderSize(folder, mostFiles),
    log: warn,
  });
  const leases = new Leases(record);
  const neighbours = new Neighbours({
    touched: () => worktrees.touched(),
    leases: (projectId) => leases.of(projectId),
    worktreeOf: (id) => worktrees.present(id),
    projectOf: (id) => agents().registry.get(id).projectId,
    agentName,
  });
  return { worktrees, leases, neighbours };
}

/** Where the agent is started next; undefined for the project's folder. */
export function workspaceFor({ worktrees }: Pick<WorktreeParts, 'worktrees'>, id: AgentId): AgentWorkspace | undefined {
  const record = worktrees.ofAgent(id);
  if (!record) return undefined;
  const environment = { AGENT_RELAY_WORKSPACE_JSON: JSON.stringify(workspaceOf(record)) };
  return { path: record.path, environment, readOnlyPaths: record.linked.map((path) => join(record.top, path)) };
}

export function tellOfWorktrees({ worktrees, neighbours }: WorktreeParts, clients: ClientDoor): void {
  for (const changed of [worktrees.changed, neighbours.changed]) changed.on(() => clients.broadcast('worktree/changed', {}));
}

type Noticing = WorktreeParts & { readonly notices: Notices; readonly agents: AgentsFeature; readonly warn: ServerOptions['warn'] };

/** After the agents have settled: looks when one of them has done something, and otherwise now and then. */
export function startWorktrees({ worktrees, neighbours, notices, agents, warn }: Noticing, closing: Disposables): void {
  const look = () => void neighbours.look().catch((err: unknown) => warn('the worktrees were not compared', { err }));
  void worktrees.settle().catch((err: unknown) => warn('a worktree that was being removed was not settled', { err }));
  closing.add(neighbours.arisen.on((conflicts) => tell(conflicts, { notices, agents, warn })));
  closing.add(worktrees.changed.on(look));
  closing.add(agents.events.heard.on(({ event }) => event.type === 'turnEnded' && look()));
  agents.registry.removed.on((id) => neighbours.forget(id));
  const timer = setInterval(look, lookEveryMs).unref();
  closing.add(() => clearInterval(timer));
}

function tell(conflicts: readonly FileConflict[], { notices, agents, warn }: Pick<Noticing, 'notices' | 'agents' | 'warn'>): void {
  for (const conflict of conflicts.slice(0, 20)) {
    const { path, agents: ids } = conflict;
    const names = ids.map((id) => (agents.registry.has(id) ? agents.registry.get(id).name : 'a removed agent'));
    const about = { kind: 'sharedFile', agents: names.join(' and '), file: path } as const;
    const [agentId] = ids;
    const place = agentId === undefined ? ({ kind: 'backend' } as const) : ({ kind: 'agent', agentId } as const);
    const [key, kind] = [`conflict ${keyOf(conflict)}`, `conflict ${ids.join(' ')}`];
    try {
      notices.raise({ key, kind, type: 'warning', about, place });
    } catch (err) {
      warn('a notice was not kept', { path, err });
    }
  }
}
