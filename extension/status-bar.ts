/** One item at the left of the status bar: how the fleet is, and the way to what needs the person. */
import { type Disposable, l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { Backend } from './backend.ts';
import type { Fleet } from './fleet.ts';
import { needEntries } from './needs.ts';
import { describeStatus } from './status-model.ts';
import type { Teamwork } from './teamwork.ts';

export type StatusBarDeps = { readonly backend: Backend; readonly fleet: Fleet; readonly teamwork: Teamwork };

export function showStatusBar(deps: StatusBarDeps): Disposable[] {
  const { backend, fleet, teamwork } = deps;
  const item = window.createStatusBarItem('agor.status', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Agor: Agents');
  item.command = 'agor.showNeeds';
  const update = () => paint(item, deps);
  update();
  item.show();
  return [item, backend.onDidChangeConnection(update), fleet.onDidChange(update), teamwork.onDidChange(update)];
}

function paint(item: StatusBarItem, { backend, fleet, teamwork }: StatusBarDeps): void {
  const known = { fleet: fleet.state, teamwork: teamwork.state };
  const status = describeStatus({ ...known, connection: backend.connection, entries: needEntries(known, l10n.t) }, l10n.t);
  item.text = `$(${status.icon}) ${status.text}`;
  item.backgroundColor = status.severity === 'normal' ? undefined : new ThemeColor(`statusBarItem.${status.severity}Background`);
  item.tooltip = new MarkdownString().appendText([...status.details, l10n.t('Click to see what needs you.')].join('\n\n'));
  item.accessibilityInformation = { label: [status.text, ...status.details].join('. '), role: 'button' };
}
