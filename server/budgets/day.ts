/** The day that a person means: from midnight to midnight where the backend runs, with the hours that its summer time has. Pure. */

/** As `2026-11-20`. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const part = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}
