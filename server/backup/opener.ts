/** The databases opened as a backend opens them; only the root knows how. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { DataPaths } from '../base/data-paths.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { KnownSchemas } from './verify-backup.ts';

export type OpenedStores = {
  readonly sessions: RecordFile;
  readonly btmsg: RecordFile;
  readonly audit: AuditLog;
  /** What is wrong, one sentence each. */
  problems(): string[];
  close(): void;
};

export type Opener = {
  readonly known: KnownSchemas;
  readonly open: (paths: DataPaths) => OpenedStores;
};
