/** Backups of the databases of record: what one says of itself, and what a check or a drill found. */
import * as z from 'zod/mini';

/** `nightly`: by the clock; `asked`: by a person; `upgrade`, `migration`: before the data may change its form. */
export const BackupReason = z.enum(['nightly', 'asked', 'upgrade', 'migration']);
export type BackupReason = z.infer<typeof BackupReason>;

export const databaseNames = ['sessions', 'btmsg'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** All that is in one besides its manifest. The names become paths where it is brought back, so no others are taken. */
export const backupFileNames = ['sessions.db', 'btmsg.db', 'btmsg.db.witness'] as const;
const BackupFile = z.object({ name: z.enum(backupFileNames), bytes: z.number(), sha256: z.string() });
export type BackupFile = z.infer<typeof BackupFile>;

/** Its folder's name: when it was made, in UTC, and why. */
export const backupIdForm = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z-[a-z]+$/;
const latestTime = 8.64e15;

export const DatabaseFacts = z.object({
  /** The number of its last migration. */
  schema: z.number(),
  /** Its high-water mark: how many writes it had seen. */
  commits: z.number(),
  /** How many rows each table holds. */
  rows: z.record(z.string(), z.number()),
});
export type DatabaseFacts = z.infer<typeof DatabaseFacts>;

/** Each file once: a database that is not named would be neither checked nor brought back. */
function isWhole(files: readonly BackupFile[]): boolean {
  return files.length === backupFileNames.length && backupFileNames.every((name) => files.some((file) => file.name === name));
}

/** `manifest.json` of a backup, written last: a folder without one is no backup. */
export const BackupManifest = z.object({
  format: z.literal(1),
  id: z.string().check(z.regex(backupIdForm)),
  reason: BackupReason,
  madeAt: z.int().check(z.gte(0), z.lte(latestTime)),
  /** The data directory that it is of. */
  dataDir: z.string(),
  build: z.object({ version: z.string(), gitSha: z.string() }),
  databases: z.object({ sessions: DatabaseFacts, btmsg: DatabaseFacts }),
  /** The head of the audit chain in it. */
  audit: z.object({ seq: z.number(), hash: z.string() }),
  files: z.array(BackupFile).check(z.refine(isWhole)),
  /** What was wrong in the data already when it was made, one sentence each; a backup without any is good. */
  flaws: z.array(z.string()),
  /** How long it took to make and to check it. */
  tookMs: z.number(),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

export const Backup = z.extend(BackupManifest, { path: z.string(), bytes: z.number() });
export type Backup = z.infer<typeof Backup>;

/** A folder among the backups that cannot be used as one. */
export const UnusableBackup = z.object({ name: z.string(), problem: z.string() });
export type UnusableBackup = z.infer<typeof UnusableBackup>;

/** A backup was brought back into an empty folder and opened by the parts that open the real data. */
export const DrillReport = z.object({
  format: z.literal(1),
  at: z.number(),
  backup: z.string(),
  backupMadeAt: z.number(),
  build: z.object({ version: z.string(), gitSha: z.string() }),
  bytes: z.number(),
  /** Of each step, in the order in which they were taken. */
  steps: z.array(z.object({ name: z.enum(['check', 'bringBack', 'open', 'count', 'chain']), ms: z.number() })),
  rows: z.object({ sessions: z.number(), btmsg: z.number() }),
  audit: z.object({ seq: z.number(), hash: z.string() }),
  /** One sentence each; empty when the backup can be relied on. */
  problems: z.array(z.string()),
});
export type DrillReport = z.infer<typeof DrillReport>;

/** How the data stands with its backups. Null: there is none, or was none. */
export const BackupStatus = z.object({
  lastGoodAt: z.nullable(z.number()),
  lastDrillAt: z.nullable(z.number()),
  nextAt: z.number(),
  /** No backup was tried out for 90 days. */
  isDrillDue: z.boolean(),
});
export type BackupStatus = z.infer<typeof BackupStatus>;

/** What there is now and is not in the backup, so far as it can be counted. */
export const RestoreLoss = z.object({
  /** Writes of both databases since. */
  commits: z.number(),
  auditRows: z.number(),
  sessions: z.number(),
  items: z.number(),
  messages: z.number(),
  tasks: z.number(),
  agents: z.number(),
});
export type RestoreLoss = z.infer<typeof RestoreLoss>;
