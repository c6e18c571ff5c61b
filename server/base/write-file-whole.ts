/** Replaces a file so that a reader finds the old one or the new one, never a part. */
import { renameSync, writeFileSync } from 'node:fs';

/** Mode 0600 unless told. */
export function writeFileWhole(path: string, text: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}
