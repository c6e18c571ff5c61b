/** One item at the left of the status bar: whether all is well, and what waits for a person. */
import { type Disposable, l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { Backend } from './backend.ts';
import type { Fleet } from './fleet.ts';
import { countFleet } from './fleet-model.ts';
import { describeStatus } from './status-model.ts';

export function showStatusBar(backend: Backend, fleet: Fleet): Disposable[] {
  const item = window.createStatusBarItem('agor.status', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Agor: Agents and Backend');
  item.command = 'agor.showHealth';
  const update = () => paint(item, backend, fleet);
  update();
  item.show();
  return [item, backend.onDidChangeConnection(update), fleet.onDidChange(update)];
}

function paint(item: StatusBarItem, backend: Backend, fleet: Fleet): void {
  const { health } = fleet.state;
  const status = describeStatus({ connection: backend.connection, health, counts: countFleet(fleet.state) }, l10n.t);
  item.text = `$(${status.icon}) ${status.text}`;
  item.backgroundColor = status.severity === 'normal' ? undefined : new ThemeColor(`statusBarItem.${status.severity}Background`);
  item.tooltip = new MarkdownString().appendText([...status.details, l10n.t('Click for details.')].join('\n\n'));
  item.accessibilityInformation = { label: [status.text, ...status.details].join('. '), role: 'button' };
}
