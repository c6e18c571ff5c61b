/** What the status bar says: how the fleet is, in words, and loudly only when it is the person's turn. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { Connection } from '../backend/connection.ts';
import type { Translate } from '../text/translate.ts';
import { isUrgent } from './agent-needs.ts';
import { countFleet, type NeedEntry, type NeedsInput } from './needs.ts';

type StatusInput = NeedsInput & { readonly connection: Connection; readonly entries: readonly NeedEntry[] };

type Status = {
  readonly icon: string;
  readonly text: string;
  readonly severity: 'normal' | 'warning' | 'error';
  /** Sentences for the tooltip and the screen reader. */
  readonly details: readonly string[];
};

const toldNeeds = 8;

export function describeStatus(input: StatusInput, t: Translate): Status {
  const { connection } = input;
  const isReading = connection.phase === 'connected' && !input.fleet.isLoaded;
  if (connection.phase === 'connected' && !isReading) return fleetStatus(input, t);
  const details = connection.detail ? [connection.detail] : [];
  if (connection.phase === 'connecting' || isReading)
    return { icon: 'loading~spin', text: t('Agor: Connecting'), severity: 'normal', details };
  if (connection.phase === 'away') return { icon: 'sync~spin', text: t('Agor: Away'), severity: 'warning', details };
  const text = t('Agor: Backend not running');
  if (connection.phase === 'off')
    return { icon: 'circle-outline', text, severity: 'normal', details: [t('The backend was not needed yet.')] };
  return { icon: 'error', text, severity: 'error', details };
}

function fleetStatus(input: StatusInput, t: Translate): Status {
  const { agents, working, stalled, needing } = countFleet(input, input.entries);
  const autonomous = input.fleet.agents.filter(({ mode }) => mode === 'autonomous');
  const details = [...needSentences(input.entries, t), ...autonomySentence(autonomous, t)];
  const calm = { icon: 'pulse', severity: 'normal', details } as const;
  const counts = [
    ...(working > 0 ? [t('{0} working', working)] : []),
    ...(autonomous.length > 0 ? [t('{0} autonomous', autonomous.length)] : []),
    ...(needing > 0 ? [needing === 1 ? t('1 needs you') : t('{0} need you', needing)] : []),
    ...(stalled > 0 ? [t('{0} stalled', stalled)] : []),
  ];
  if (counts.length > 0) {
    const text = t('Agor: {0}', counts.join(', '));
    if (needing + stalled === 0) return { ...calm, text };
    return { icon: needing > 0 ? 'bell-dot' : 'warning', text, severity: 'warning', details };
  }
  return { ...calm, text: agents === 0 ? t('Agor: No agents') : t('Agor: All quiet') };
}

/** Who acts without asking is never out of sight. */
function autonomySentence(autonomous: readonly Agent[], t: Translate): string[] {
  if (autonomous.length === 0) return [];
  return [t('Without asking act: {0}.', autonomous.map(({ name }) => name).join(', '))];
}

/** Those for which it is the person's turn; the rest is counted. */
function needSentences(entries: readonly NeedEntry[], t: Translate): string[] {
  const urgent = entries.filter(isUrgent);
  const told = urgent.slice(0, toldNeeds).map(({ title, reason }) => `${title}: ${reason}`);
  const left = urgent.length - told.length;
  return left > 0 ? [...told, t('And {0} more.', left)] : told;
}
