/** The one place that sets context keys, which decide in package.json what is shown and what is enabled. */
import { commands, type Disposable, workspace } from 'vscode';
import type { Backend } from './backend.ts';
import type { Fleet } from './fleet.ts';

type ContextKeys = {
  readonly 'agor.connection': string;
  readonly 'agor.trusted': boolean;
  readonly 'agor.hasProjects': boolean;
  readonly 'agor.hasAgents': boolean;
  readonly 'agor.hasApprovals': boolean;
};

export function keepContextKeys(backend: Backend, fleet: Fleet): Disposable[] {
  const known = new Map<string, unknown>();
  const update = () => {
    for (const [key, value] of Object.entries(currentKeys(backend, fleet))) {
      if (known.get(key) === value) continue;
      known.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  };
  update();
  return [backend.onDidChangeConnection(update), fleet.onDidChange(update), workspace.onDidGrantWorkspaceTrust(update)];
}

function currentKeys(backend: Backend, { state }: Fleet): ContextKeys {
  return {
    'agor.connection': backend.connection.phase,
    'agor.trusted': workspace.isTrusted,
    'agor.hasProjects': state.projects.length > 0,
    'agor.hasAgents': state.agents.length > 0,
    'agor.hasApprovals': state.approvals.length > 0,
  };
}
