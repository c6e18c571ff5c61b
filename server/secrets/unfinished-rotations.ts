/** Which rotations were begun and not finished, as the audit log tells it. */
import * as z from 'zod/mini';
import type { Database } from '../store/open-database.ts';

const Told = z.object({ name: z.string(), step: z.string() });
/** One that lies further back was not finished by anybody since, and is not worth a longer look. */
const looked = 500;

export function unfinishedRotations(db: Database): () => string[] {
  const rows = db
    .prepare<[number], string>(`select detail from audit_log where event = 'credential_rotated' order by seq desc limit ?`)
    .pluck();
  return () => {
    const newest = new Map<string, string>();
    for (const detail of rows.all(looked)) {
      const told = Told.safeParse(JSON.parse(detail));
      if (told.success && !newest.has(told.data.name)) newest.set(told.data.name, told.data.step);
    }
    return [...newest].flatMap(([name, step]) => (step === 'begun' ? [name] : []));
  };
}
