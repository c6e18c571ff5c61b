/**
 * What may go from the quarantine. Pure. Copies of damaged databases, the databases that a restore replaced, and folders of
 * agents that nobody knows are what is kept beyond the caps: for thirty days, and the newest of each for good, because it may
 * hold the last trace of what was lost.
 */

export type Kept = { readonly name: string; readonly bytes: number; readonly changedAt: number };

const dayMs = 24 * 60 * 60_000;
export const quarantineCaps = { warnAbove: 50, entries: 500, days: 7, bytes: 50 * 1024 * 1024, recordDays: 30 } as const;

/** As it is named by whoever puts it there: the database, that a restore replaced both, or that the doctor found it, and when. */
const ofRecord = /^(.+\.db|restored|orphans)-\d{4}-\d{2}-\d{2}T/;

/** The oldest first. */
export function droppable(entries: readonly Kept[], now: number): Kept[] {
  const newestFirst = entries.toSorted((a, b) => b.changedAt - a.changedAt || b.name.localeCompare(a.name));
  const onlyCopies = onlyCopiesOf(newestFirst);
  let [count, bytes] = [0, 0];
  const dropped = newestFirst.filter((entry) => {
    const age = now - entry.changedAt;
    if (kindOf(entry) !== null && (onlyCopies.has(entry.name) || age < quarantineCaps.recordDays * dayMs)) return false;
    count += 1;
    bytes += entry.bytes;
    return age >= quarantineCaps.days * dayMs || count > quarantineCaps.entries || bytes > quarantineCaps.bytes;
  });
  return dropped.reverse();
}

function kindOf({ name }: Kept): string | null {
  return ofRecord.exec(name)?.[1] ?? null;
}

/** Of each kind the newest: when all others have gone, it is the only one. */
function onlyCopiesOf(newestFirst: readonly Kept[]): ReadonlySet<string> {
  const newest = new Map<string, string>();
  for (const entry of newestFirst) {
    const kind = kindOf(entry);
    if (kind !== null && !newest.has(kind)) newest.set(kind, entry.name);
  }
  return new Set(newest.values());
}
