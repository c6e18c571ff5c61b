/** The shield in the status bar: how agents are fenced in on this machine, and the worst of those that run. */
import { type Disposable, l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { Backend } from './backend.ts';
import type { Fleet } from './fleet.ts';
import { fenceSentences } from './sandbox-wording.ts';
import { type ShieldFacts, shieldStatus } from './shield-model.ts';

export function showShield(backend: Backend, fleet: Fleet): Disposable[] {
  const item = window.createStatusBarItem('agor.sandbox', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Agor: Sandbox');
  item.command = 'agor.explainSandbox';
  const update = () => {
    if (backend.connection.phase === 'connected' && fleet.state.agents.length > 0)
      paint(item, { machine: fleet.state.health?.sandbox ?? null, agents: fleet.state.agents });
    else item.hide();
  };
  update();
  return [item, backend.onDidChangeConnection(update), fleet.onDidChange(update)];
}

function paint(item: StatusBarItem, facts: ShieldFacts): void {
  const { icon, text, details, severity, state } = shieldStatus(facts, l10n.t);
  const sentences = [...details, ...fenceSentences(state, l10n.t)];
  item.text = text === '' ? `$(${icon})` : `$(${icon}) ${text}`;
  item.backgroundColor = severity === 'warning' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
  item.tooltip = new MarkdownString().appendText([...sentences, l10n.t('Click to see what an agent can reach.')].join('\n\n'));
  item.accessibilityInformation = { label: sentences.join('. '), role: 'button' };
  item.show();
}
