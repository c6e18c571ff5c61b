/** Incident mode in one line. */
import type { Incident } from '../protocol/incident.ts';
import { oneLine } from './printable.ts';
import { durationText } from './time-text.ts';

export function incidentText({ endsAt, reason }: Incident, now: number): string {
  const why = reason === '' ? '' : `: ${oneLine(reason, 500)}`;
  return `Incident mode until ${endText(endsAt)} (${durationText(Math.max(0, endsAt - now))} left)${why}`;
}

/** In UTC, as the audit log shows times. */
function endText(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 16)} UTC`;
}
