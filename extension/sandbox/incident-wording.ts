/** Incident mode in words. */
import type { Incident } from '../../server/protocol/incident.ts';
import type { Translate } from '../text/translate.ts';

/** For the top of the tree; undefined while there is none. */
export function incidentMessage(incident: Incident | null | undefined, now: number, t: Translate): string | undefined {
  if (!incident) return undefined;
  const until = endText(incident.endsAt, now);
  if (incident.reason === '') return t('Incident mode until {0}: agents only read their projects.', until);
  return t('Incident mode until {0} ({1}): agents only read their projects.', until, incident.reason);
}

/** For what describes the fence as it would be now. */
export function narrowFenceText(incident: Incident, t: Translate): string {
  return t(
    'This is the narrow fence of incident mode, until {0}. The agent gets its own back when it is first started afterwards.',
    new Date(incident.endsAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  );
}

/** With its day where that is another one. */
export function endText(at: number, now: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(undefined, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}
