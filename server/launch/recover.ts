/** Runs the recovery of a data directory as a process of its own: nothing here opens a database. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { Backup, UnusableBackup } from '../protocol/backup.ts';
import { AgorError, ErrorCode } from '../protocol/errors.ts';
import { backendEnvironment } from './start-backend.ts';

export type DatabaseName = 'sessions' | 'btmsg';
export type RecoveryWish =
  | { readonly do: 'inspect' }
  | { readonly do: 'restore'; readonly database: DatabaseName; readonly backup: string }
  | { readonly do: 'salvage' | 'accept'; readonly database: DatabaseName };

const FileBackup = z.object({ file: z.string(), bytes: z.number(), madeAt: z.number() });
const Salvaged = z.object({ table: z.string(), kept: z.number(), damaged: z.number(), isComplete: z.boolean() });
export const RecoveryReport = z.object({
  databases: z.array(
    z.object({
      path: z.string(),
      problem: z.nullable(z.string()),
      changedRows: z.array(z.object({ table: z.string(), rowid: z.number() })),
      backups: z.array(FileBackup),
    }),
  ),
  /** Where the copy of what was there before lies. */
  copy: z.optional(z.string()),
  /** Where what was found and done is written down; null where the disk did not take it. */
  report: z.optional(z.nullable(z.string())),
  tables: z.optional(z.array(Salvaged)),
});
export type RecoveryReport = z.infer<typeof RecoveryReport>;

const Failure = z.object({ error: z.object({ code: ErrorCode, message: z.string() }) });
const BackupList = z.object({ backups: z.array(Backup), unusable: z.array(UnusableBackup) });
const Restored = z.object({ backup: Backup, keptIn: z.string() });
const maxAnswerBytes = 16 * 1024 * 1024;

/** Throws what the recovery refuses with: `conflict` while a backend runs, `notFound` or `storage` for a backup that cannot be used. */
export function recover(runtimeDir: string, dataDir: string, wish: RecoveryWish): RecoveryReport {
  return ask(runtimeDir, dataDir, { wish, schema: RecoveryReport });
}

/** Those in the usual folder, read without a backend. */
export function listBackups(runtimeDir: string, dataDir: string): z.infer<typeof BackupList> {
  return ask(runtimeDir, dataDir, { wish: { do: 'listBackups' }, schema: BackupList });
}

/** Both databases together; throws as `recover` does. */
export function restoreBackup(runtimeDir: string, dataDir: string, backup: string): z.infer<typeof Restored> {
  return ask(runtimeDir, dataDir, { wish: { do: 'restoreBackup', backup }, schema: Restored });
}

type Asked<T> = { readonly wish: object; readonly schema: z.ZodMiniType<T> };

function ask<T>(runtimeDir: string, dataDir: string, { wish, schema }: Asked<T>): T {
  const { stdout, stderr } = spawnSync(process.execPath, [recoveryProgram(runtimeDir), dataDir, JSON.stringify(wish)], {
    encoding: 'utf8',
    env: backendEnvironment(process.env),
    maxBuffer: maxAnswerBytes,
  });
  const answer = parsed(stdout);
  const failure = Failure.safeParse(answer).data?.error;
  if (failure) throw new AgorError(failure.code, failure.message);
  const report = schema.safeParse(answer);
  if (report.success) return report.data;
  throw new AgorError('internal', `The recovery ended without an answer: ${stderr.trim().slice(-500) || 'it gave no reason'}`);
}

export function recoveryProgram(runtimeDir: string): string {
  const program = ['recover.js', 'recover.ts'].map((name) => join(runtimeDir, name)).find(existsSync);
  if (program) return program;
  throw new AgorError('unavailable', `The recovery program is missing in ${runtimeDir}. Install Agent Orchestrator again.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It broke off: the caller shows what it said on stderr.
    return undefined;
  }
}
