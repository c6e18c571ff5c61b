/**
 * The way back from a build that did not prove itself: the databases of before where it had changed them, and the build
 * of before as the one that serves. Each step can be done again, so one that was cut short is begun anew.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AuditLog } from '../audit/audit-log.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { readRunRecord } from '../base/run-record-file.ts';
import { refuseBuild, writeDeployed, writeUpgrade } from '../base/upgrade-files.ts';
import { buildId } from '../protocol/health.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { UpgradeRecord } from '../protocol/upgrade.ts';
import { foundSchema, synchronize } from '../store/checked-copy.ts';
import { preflight } from '../store/preflight.ts';
import { databaseFiles } from '../store/quarantine.ts';
import { RecordFile } from '../store/record-file.ts';
import { type Place, restore } from '../store/recovery.ts';

export type GoBackDeps = {
  readonly paths: DataPaths;
  readonly places: { readonly sessions: Place; readonly btmsg: Place };
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** The caller owns the data directory and has nothing open. Throws `storage` when a backup cannot be put back; then it can be tried again. */
export function goBack(deps: GoBackDeps, upgrade: UpgradeRecord, reason: string): UpgradeRecord {
  const { paths, now, log } = deps;
  const going: UpgradeRecord = { ...upgrade, state: 'goingBack', reason };
  const [from, to] = [buildId(upgrade.from.build), buildId(upgrade.to.build)];
  log('the new build goes back to the one before', { from, to, reason });
  writeUpgrade(paths, going);
  endUnknownSidecars(deps, upgrade);
  const restored = putBack(deps, upgrade);
  audit(deps, { from: to, to: from, reason, restored });
  refuseBuild(paths, { build: to, reason, at: now() });
  writeDeployed(paths, upgrade.from);
  const gone: UpgradeRecord = { ...going, state: 'wentBack', endedAt: now(), isTold: false };
  writeUpgrade(paths, gone);
  return gone;
}

/** Both or none: what an event did in one belongs to what it did in the other. */
function putBack({ paths, places, now }: GoBackDeps, { backups }: UpgradeRecord): string[] {
  const due = backups ? [...dueOf(places.sessions, backups.sessions), ...dueOf(places.btmsg, backups.btmsg)] : [];
  // Unless one was migrated, the build before can use them as they are, and may have done so: putting them back would lose that.
  if (!due.some(({ isMigrated }) => isMigrated)) return [];
  // Those that were migrated come last: while one is left, this is done again from the start.
  for (const { place, file } of due.toSorted((a, b) => Number(a.isMigrated) - Number(b.isMigrated))) {
    restore(place, file, new Date(now()));
    synchronize(place.path);
    synchronize(dirname(place.path));
  }
  // It counts the changes of what was there before; the next backend makes it anew.
  for (const file of databaseFiles(paths.searchDb)) rmSync(file, { force: true });
  return due.map(({ file }) => file);
}

function dueOf(place: Place, file: string | null) {
  if (file === null) return [];
  const isMigrated = !existsSync(place.path) || foundSchema(place.path) !== foundSchema(join(place.backupDir, file));
  return [{ place, file, isMigrated }];
}

/** At the schema it has: this build must not bring it to its own. One that cannot be opened is the next backend's to tell of. */
function audit({ places: { btmsg }, now, log }: GoBackDeps, detail: Readonly<Record<string, unknown>>): void {
  try {
    preflight(btmsg.path, { quarantineDir: btmsg.quarantineDir, now: () => new Date(now()) });
    const migrations = btmsg.migrations.slice(0, foundSchema(btmsg.path));
    if (migrations.length === 0) return;
    const file = RecordFile.open(btmsg.path, { migrations });
    try {
      const chain = new AuditLog(file.db);
      file.write(() => chain.append({ at: now(), event: 'upgrade_rolled_back', agentId: null, actor: 'backend', detail }));
      const { seq, hash } = chain.head();
      file.saveMark({ auditSeq: seq, auditHash: hash });
    } finally {
      file.close();
    }
  } catch (err) {
    log('the way back could not be written into the audit log', { err });
  }
}

/** Those that only the newer build could speak with: the one before would start a second one beside them. Their outboxes stay. */
function endUnknownSidecars({ paths, log }: GoBackDeps, { from }: UpgradeRecord): void {
  const known = from.wireVersion;
  if (known === null || !existsSync(paths.runRecords)) return;
  for (const name of readdirSync(paths.runRecords).filter((entry) => entry.endsWith('.json'))) {
    const record = readRecord(join(paths.runRecords, name));
    if (!record || record.wireVersion <= known) continue;
    log('a sidecar that only the newer build can speak with is ended', { agentId: record.agentId, wireVersion: record.wireVersion });
    endProcesses(record);
  }
}

function readRecord(path: string): RunRecord | undefined {
  try {
    return readRunRecord(path);
  } catch {
    // No backend can take it over; its sidecar ends by itself.
    return undefined;
  }
}

function endProcesses({ sidecar, program }: RunRecord): void {
  const targets = [
    ...(sidecar && isSameProcess(sidecar) ? [sidecar.pid] : []),
    ...(program && isSameProcess(program) ? [-program.pgid] : []),
  ];
  for (const target of targets) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}
