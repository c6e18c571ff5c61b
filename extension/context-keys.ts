/** The one place that sets context keys, which decide in package.json what is shown and what is enabled. */
import { commands, type Disposable, workspace } from 'vscode';
import type { NeedsPick } from './attention/needs-pick.ts';
import type { Backend } from './backend/backend.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { Teamwork } from './fleet/teamwork.ts';
import type { SearchPick } from './search/search-pick.ts';

type ContextKeys = {
  readonly 'agor.connection': string;
  readonly 'agor.trusted': boolean;
  readonly 'agor.hasProjects': boolean;
  readonly 'agor.hasAgents': boolean;
  readonly 'agor.hasApprovals': boolean;
  readonly 'agor.hasIncident': boolean;
  readonly 'agor.hasHeld': boolean;
  readonly 'agor.hasDeadLetters': boolean;
  readonly 'agor.searching': boolean;
  readonly 'agor.choosingNeed': boolean;
};

export type ContextKeysDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly teamwork: Teamwork;
  readonly search: SearchPick;
  readonly needs: NeedsPick;
};

export function keepContextKeys(deps: ContextKeysDeps): Disposable[] {
  const { backend, fleet, teamwork, search, needs } = deps;
  const known = new Map<string, unknown>();
  const update = () => {
    for (const [key, value] of Object.entries(currentKeys(deps))) {
      if (known.get(key) === value) continue;
      known.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  };
  update();
  return [
    backend.onDidChangeConnection(update),
    fleet.onDidChange(update),
    teamwork.onDidChange(update),
    search.onDidChange(update),
    needs.onDidChange(update),
    workspace.onDidGrantWorkspaceTrust(update),
  ];
}

function currentKeys({ backend, fleet: { state }, teamwork, search, needs }: ContextKeysDeps): ContextKeys {
  return {
    'agor.connection': backend.connection.phase,
    'agor.trusted': workspace.isTrusted,
    'agor.hasProjects': state.projects.length > 0,
    'agor.hasAgents': state.agents.length > 0,
    'agor.hasApprovals': state.approvals.length > 0,
    'agor.hasIncident': Boolean(state.health?.incident),
    'agor.hasHeld': teamwork.state.held.length > 0,
    'agor.hasDeadLetters': teamwork.state.deadLetters.length > 0,
    'agor.searching': search.isOpen,
    'agor.choosingNeed': needs.isOpen,
  };
}
