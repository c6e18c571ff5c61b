/** Files as the doctor lists them, for tests of what it says of them. */
import type { FileFact } from '../../server/doctor/private-files.ts';

export function fileFact(place: string, facts: Partial<FileFact> = {}): FileFact {
  const path = place === '' ? '/data' : `/data/${place}`;
  return { path, place, kind: 'file', mode: 0o600, uid: 1000, changedAt: 0, bytes: 0, ...facts };
}
