/** The shield in the status bar: how agents are fenced in on this machine, and the worst of those that run. */
import { type Disposable, l10n, StatusBarAlignment, window } from 'vscode';
import type { Backend } from '../backend/backend.ts';
import { Pace } from '../drawing/pace.ts';
import { DrawnStatus, type StatusLook } from '../drawing/status-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { fenceSentences } from './sandbox-wording.ts';
import { type ShieldFacts, shieldStatus } from './shield-model.ts';

export function showShield(backend: Backend, fleet: Fleet): Disposable[] {
  const item = window.createStatusBarItem('agor.sandbox', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Agor: Sandbox');
  item.command = 'agor.explainSandbox';
  const drawn = new DrawnStatus(item);
  const pace = new Pace(() => {
    const isKnown = backend.connection.phase === 'connected' && fleet.state.agents.length > 0;
    drawn.draw(isKnown ? lookOf({ machine: fleet.state.health?.sandbox ?? null, agents: fleet.state.agents }) : null);
  });
  pace.wish();
  return [item, pace, backend.onDidChangeConnection(pace.wish), fleet.onDidChange(pace.wish)];
}

function lookOf(facts: ShieldFacts): StatusLook {
  const { icon, text, details, severity, state } = shieldStatus(facts, l10n.t);
  const sentences = [...details, ...fenceSentences(state, l10n.t)];
  return {
    text: text === '' ? `$(${icon})` : `$(${icon}) ${text}`,
    severity,
    tooltip: [...sentences, l10n.t('Click to see what an agent can reach.')],
    label: sentences.join('. '),
  };
}
