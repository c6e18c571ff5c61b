/** Where a sidecar's log is: its records, and what comes out on its error output past them. */
import { join } from 'node:path';
import type { LogFiles } from './read-log.ts';

export function sidecarLogFiles(privateDir: string): LogFiles {
  return { records: join(privateDir, 'sidecar.log'), errorOutput: join(privateDir, 'sidecar.err') };
}
