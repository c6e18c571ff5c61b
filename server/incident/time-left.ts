/** How long an incident still lasts, where the wall clock may have been set. */
import type { Incident } from '../protocol/incident.ts';
import type { KeptIncident } from './incident-store.ts';

/** A difference that no clock was set for. */
const driftMs = 2_000;

/** After a restart: what the clock says, but never more than was left before. */
export function timeLeft({ endsAt, leftMs }: KeptIncident, now: number): number {
  return Math.max(0, Math.min(leftMs, endsAt - now));
}

/** When it ends by the clock as it is now. */
export function shownEnd({ endsAt }: Incident, now: number, leftMs: number): number {
  const expected = Math.round(now + leftMs);
  return Math.abs(expected - endsAt) > driftMs ? expected : endsAt;
}
