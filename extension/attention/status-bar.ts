/** One item at the left of the status bar: how the fleet is, and the way to what needs the person. */
import { type Disposable, l10n, StatusBarAlignment, window } from 'vscode';
import type { Backend } from '../backend/backend.ts';
import { Pace } from '../drawing/pace.ts';
import { DrawnStatus, type StatusLook } from '../drawing/status-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Teamwork } from '../fleet/teamwork.ts';
import { needEntries } from './needs.ts';
import { describeStatus } from './status-model.ts';

export type StatusBarDeps = { readonly backend: Backend; readonly fleet: Fleet; readonly teamwork: Teamwork };

export function showStatusBar(deps: StatusBarDeps): Disposable[] {
  const { backend, fleet, teamwork } = deps;
  const item = window.createStatusBarItem('agor.status', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Agor: Agents');
  item.command = 'agor.showNeeds';
  const drawn = new DrawnStatus(item);
  const pace = new Pace(() => drawn.draw(lookOf(deps)));
  pace.wish();
  return [item, pace, backend.onDidChangeConnection(pace.wish), fleet.onDidChange(pace.wish), teamwork.onDidChange(pace.wish)];
}

function lookOf({ backend, fleet, teamwork }: StatusBarDeps): StatusLook {
  const known = { fleet: fleet.state, teamwork: teamwork.state };
  const status = describeStatus({ ...known, connection: backend.connection, entries: needEntries(known, l10n.t) }, l10n.t);
  return {
    text: `$(${status.icon}) ${status.text}`,
    severity: status.severity,
    tooltip: [...status.details, l10n.t('Click to see what needs you.')],
    label: [status.text, ...status.details].join('. '),
  };
}
