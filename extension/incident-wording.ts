/** Incident mode in words. */
import type { Incident } from '../server/protocol/incident.ts';
import type { Translate } from './translate.ts';

/** For the top of the tree; undefined while there is none. */
export function incidentMessage(incident: Incident | null | undefined, t: Translate): string | undefined {
  if (!incident) return undefined;
  const until = timeText(incident.endsAt);
  if (incident.reason === '') return t('Incident mode until {0}: agents only read their projects.', until);
  return t('Incident mode until {0} ({1}): agents only read their projects.', until, incident.reason);
}

/** For what describes the fence as it would be now. */
export function narrowFenceText(incident: Incident, t: Translate): string {
  return t(
    'This is the narrow fence of incident mode, until {0}. The agent gets its own back when it is first started afterwards.',
    timeText(incident.endsAt),
  );
}

/** With its day, because it may be another one. */
export function timeText(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
