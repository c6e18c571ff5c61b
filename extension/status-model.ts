/** What the status bar says: the one thing that matters most now, and how loudly. */
import type { Health } from '../server/protocol/health.ts';
import type { Connection } from './connection.ts';
import type { FleetCounts } from './fleet-model.ts';
import type { Translate } from './translate.ts';
import { countApprovals } from './wording.ts';

type StatusInput = { readonly connection: Connection; readonly health: Health | undefined; readonly counts: FleetCounts };

type Status = {
  readonly icon: string;
  readonly text: string;
  readonly severity: 'normal' | 'warning' | 'error';
  /** Sentences for the tooltip and the screen reader. */
  readonly details: readonly string[];
};

export function describeStatus(input: StatusInput, t: Translate): Status {
  const { connection } = input;
  if (connection.phase === 'connected') return connectedStatus(input, t);
  const details = connection.detail ? [connection.detail] : [];
  if (connection.phase === 'off')
    return { icon: 'pulse', text: t('Agor'), severity: 'normal', details: [t('The backend was not needed yet.')] };
  if (connection.phase === 'connecting') return { icon: 'loading~spin', text: t('Agor: Connecting'), severity: 'normal', details };
  if (connection.phase === 'away') return { icon: 'sync~spin', text: t('Agor: Away'), severity: 'warning', details };
  return { icon: 'error', text: t('Agor: Failed'), severity: 'error', details };
}

function connectedStatus({ health, counts }: StatusInput, t: Translate): Status {
  const details = describeCounts(counts, t).concat(health?.problems ?? []);
  if (counts.approvals > 0) {
    return { icon: 'bell-dot', text: t('Agor: {0}', countApprovals(counts.approvals, t)), severity: 'warning', details };
  }
  if (health?.state === 'degraded') return { icon: 'warning', text: t('Agor: Degraded'), severity: 'warning', details };
  if (counts.running > 0) return { icon: 'pulse', text: t('Agor: {0} running', counts.running), severity: 'normal', details };
  return { icon: 'pulse', text: t('Agor: Healthy'), severity: 'normal', details };
}

function describeCounts(counts: FleetCounts, t: Translate): string[] {
  const sentences = [t('Agents: {0}, of which {1} working.', counts.agents, counts.running)];
  if (counts.failed > 0) sentences.push(t('Failed agents: {0}.', counts.failed));
  if (counts.approvals > 0) sentences.push(t('Waiting for you: {0}.', countApprovals(counts.approvals, t)));
  return sentences;
}
