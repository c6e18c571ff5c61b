/** “3 minutes ago”, in the language of the person; `narrow` where there is little room. */
export function agoText(at: number, now: number, style: 'short' | 'narrow' = 'short'): string {
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style });
  const minutes = Math.round((at - now) / 60_000);
  if (minutes > -60) return format.format(minutes, 'minute');
  if (minutes > -24 * 60) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / (24 * 60)), 'day');
}
