/** The facts that "Show Health" lists, as names and values. */
import type { Health } from '../../server/protocol/health.ts';
import { shortId } from '../../server/protocol/ids.ts';
import type { Connection } from '../backend/connection.ts';
import type { FleetState } from '../fleet/fleet-model.ts';
import { incidentMessage } from '../sandbox/incident-wording.ts';
import { fencePhrase, fenceSentences } from '../sandbox/sandbox-wording.ts';
import type { Translate } from '../text/translate.ts';
import { stateWord, timeAgo } from '../text/wording.ts';

type HealthFact = { readonly icon: string; readonly label: string; readonly value: string };

type HealthInput = { readonly connection: Connection; readonly fleet: FleetState; readonly nowMs: number };

export function healthFacts({ connection, fleet, nowMs }: HealthInput, t: Translate): HealthFact[] {
  const { health } = fleet;
  if (connection.phase !== 'connected' || !health) {
    return [{ icon: 'debug-disconnect', label: t('Backend'), value: connection.detail || t('not connected') }];
  }
  return [
    { icon: 'pulse', label: t('Backend'), value: health.state === 'healthy' ? t('healthy') : t('degraded') },
    ...health.problems.map((problem) => ({ icon: 'warning', label: t('Problem'), value: problem })),
    ...incidentFact(health, nowMs, t),
    { icon: 'server-process', label: t('Process'), value: t('{0}, started {1}', health.pid, timeAgo(health.startedAt, nowMs, t)) },
    {
      icon: 'versions',
      label: t('Build'),
      value: `${health.build.version} (${health.build.gitSha.slice(0, 9)}), Node ${health.build.nodeVersion}`,
    },
    { icon: 'database', label: t('Data directory'), value: health.dataDir },
    { icon: 'window', label: t('Connected windows and commands'), value: String(health.clients) },
    {
      icon: 'shield',
      label: t('Sandbox'),
      value: [fencePhrase(health.sandbox, t), ...fenceSentences(health.sandbox, t)].join(' · '),
    },
    { icon: 'dashboard', label: t('Limits'), value: limitsText(health, t) },
    {
      icon: 'arrow-swap',
      label: t('Turns'),
      value: t('{0} of {1} run, {2} wait', health.turns.running, health.turns.max, health.turns.waiting),
    },
    { icon: 'bell', label: t('Open approvals'), value: String(health.openApprovals) },
    { icon: 'device-desktop', label: t('Notices on the desktop'), value: desktopText(health, t) },
    ...health.sidecars.map((sidecar) => sidecarFact(sidecar, fleet, t)),
  ];
}

function desktopText({ desktopNotices: { state, detail } }: Health, t: Translate): string {
  if (state === 'off') return t('off');
  if (state === 'untried') return t('none was shown yet');
  return state === 'shown' ? t('shown by {0}', detail) : t('cannot be shown: {0}', detail);
}

function incidentFact({ incident }: Health, nowMs: number, t: Translate): HealthFact[] {
  const value = incidentMessage(incident, nowMs, t);
  return value === undefined ? [] : [{ icon: 'warning', label: t('Incident'), value }];
}

function limitsText({ resources }: Health, t: Translate): string {
  if (!resources) return t('not checked yet');
  return [resources.by.join(', '), ...resources.gaps].join(' · ');
}

function sidecarFact(sidecar: Health['sidecars'][number], fleet: FleetState, t: Translate): HealthFact {
  const name = fleet.agents.find((agent) => agent.id === sidecar.agentId)?.name ?? shortId(sidecar.agentId);
  const channel = sidecar.connected ? t('connected') : t('not connected');
  return {
    icon: 'hubot',
    label: t('Agent {0}', name),
    value: [stateWord(sidecar.state, t), ...(sidecar.pid > 0 ? [t('process {0}', sidecar.pid), channel] : [])].join(', '),
  };
}
