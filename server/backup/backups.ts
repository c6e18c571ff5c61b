/** Backups of the databases of record: made while they are in use, checked before they have a name, and tried out. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { OneByOne } from '../base/one-by-one.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import type { Backup, BackupManifest, BackupReason, DrillReport, RestoreLoss } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RecordFile } from '../store/record-file.ts';
import { restoringPath, takeBackRestore } from '../store/restoring.ts';
import { type BackupSet, clearUnfinished, findBackup, readBackups, removeBackup } from './backup-folders.ts';
import { lastDrill } from './drill-reports.ts';
import { JobThread } from './job-thread.ts';
import { makeBackup } from './make-backup.ts';
import { expiredBackups } from './schedule.ts';
import { keptPath } from './stage-restore.ts';

export type BackupsDeps = {
  readonly dataDir: string;
  readonly sessions: RecordFile;
  readonly btmsg: RecordFile;
  readonly audit: AuditLog;
  /** Where backups go unless a person has chosen another folder, and where the reports of drills are. */
  readonly usualFolder: string;
  /** Empty: the usual one. */
  readonly chosenFolder: () => string;
  readonly keepDays: () => number;
  /** The program of the thread that checks. */
  readonly program: string;
  readonly build: BackupManifest['build'];
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type Work = 'create' | 'verify' | 'drill' | 'restore';
export type WorkProgress = { readonly work: Work; readonly doneBytes: number; readonly totalBytes: number };

const toldEveryMs = 200;

export class Backups {
  /** How far the copy is, now and then. */
  readonly progressed = new Emitter<WorkProgress>();
  /** One was made; or null: why the last try failed. */
  readonly tried = new Emitter<string | null>();
  readonly drilled = new Emitter<DrillReport>();
  readonly #deps: BackupsDeps;
  readonly #thread: JobThread;
  readonly #turns = new OneByOne();
  /** `abort`: null once it can no more be given up. */
  #current: { readonly work: Work; readonly abort: AbortController | null } | undefined;
  #isClosed = false;
  #toldAt = 0;

  constructor(deps: BackupsDeps) {
    this.#deps = deps;
    this.#thread = new JobThread(deps.program);
  }

  get running(): Work | null {
    return this.#current?.work ?? null;
  }

  /** Something runs that only a kill ends. */
  get isStuck(): boolean {
    return this.#thread.isStuck;
  }

  get folder(): string {
    return this.#deps.chosenFolder() || this.#deps.usualFolder;
  }

  /** Resolves when it is checked and has its name. Waits for what is being done already. */
  create(reason: BackupReason, actor: string): Promise<Backup> {
    return this.#turn('create', async (signal) => {
      try {
        const backup = await this.#make(reason, signal);
        const { id, bytes, audit, flaws } = backup;
        const removed = await this.#prune();
        this.#audit('backup_made', actor, { backup: id, folder: this.folder, bytes, head: audit, flaws, removed });
        this.tried.emit(null);
        return backup;
      } catch (error) {
        if (!isCancelled(error)) this.#failed(error, reason, actor);
        throw error;
      }
    });
  }

  /** Newest first. */
  list(): Promise<BackupSet> {
    const { usualFolder, dataDir } = this.#deps;
    return readBackups([this.folder, usualFolder], dataDir);
  }

  lastDrill(): Promise<DrillReport | null> {
    return lastDrill(this.#reports);
  }

  async find(reference: string | undefined): Promise<Backup> {
    return findBackup(await this.list(), reference);
  }

  async verify(reference: string | undefined): Promise<{ backup: Backup; problems: string[] }> {
    const backup = await this.find(reference);
    return this.#turn('verify', async (signal) => ({ backup, problems: await this.#thread.do('verify', backup, signal) }));
  }

  async drill(reference: string | undefined, actor: string): Promise<DrillReport> {
    const backup = await this.find(reference);
    return this.#turn('drill', async (signal) => {
      const { clock, build } = this.#deps;
      const [at, scratch] = [clock.now(), this.#scratch];
      const report = await this.#thread.do('drill', { backup, scratch, reports: this.#reports, at, build }, signal, scratch);
      this.#audit('drill_finished', actor, { backup: backup.id, problems: report.problems });
      this.drilled.emit(report);
      return report;
    });
  }

  /** What a restore of it would lose. */
  loss(backup: Backup): Promise<RestoreLoss> {
    const { sessions, btmsg } = this.#deps;
    return this.#turn('verify', (signal) =>
      this.#thread.do('loss', { sessionsDb: sessions.db.name, btmsgDb: btmsg.db.name, backup }, signal),
    );
  }

  /**
   * The next owner of the data directory begins with the backup; nothing else is done in between. `stopAll`: once it
   * lies ready. Returns where what is there now will be.
   */
  async restore(backup: Backup, actor: string, stopAll: () => Promise<void>): Promise<string> {
    return this.#turn('restore', async (signal) => {
      const { dataDir } = this.#deps;
      await this.#thread.do('stage', { dataDir, backup }, signal, restoringPath(dataDir));
      try {
        await stopAll();
        signal.throwIfAborted();
        return await this.#bridge(backup, actor);
      } catch (error) {
        // Whoever is told that it failed goes on writing, and must not find the backup in its place at the next start.
        await takeBackRestore(dataDir);
        throw error;
      }
    });
  }

  /** Not to be given up: nobody would know whether it lies ready. */
  async #bridge(backup: Backup, actor: string): Promise<string> {
    const { dataDir, audit, clock } = this.#deps;
    this.#current = { work: 'restore', abort: null };
    const at = clock.now();
    const keptIn = keptPath(dataDir, at);
    this.#audit('restore_begun', actor, { backup: backup.id, keptIn });
    const never = new AbortController().signal;
    await this.#thread.do('bridge', { dataDir, backup, at, actor, before: audit.head(), keptIn }, never);
    // Another restore would take this one back, which somebody is told of by now.
    this.#isClosed = true;
    return keptIn;
  }

  /** False when there was nothing to give up. */
  cancel(work = this.#current?.work): boolean {
    const abort = this.#current?.work === work ? this.#current?.abort : undefined;
    abort?.abort(new AgorError('cancelled', 'It was given up, and nothing of it is left.'));
    return abort != null;
  }

  /** Removes what a killed backend left. */
  tidy(): Promise<void> {
    return this.#turns.do(async () => {
      await this.#clear();
      await rm(this.#scratch, { recursive: true, force: true });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current?.abort?.abort(endingError());
    await this.#turns.do(async () => {});
  }

  async #clear(): Promise<void> {
    for (const folder of new Set([this.folder, this.#deps.usualFolder])) await clearUnfinished(folder, this.#deps.dataDir);
  }

  /** Where backups are tried out. */
  get #scratch(): string {
    return join(this.#deps.dataDir, 'drill');
  }

  get #reports(): string {
    return join(this.#deps.usualFolder, 'drills');
  }

  #turn<T>(work: Work, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turns.do(async () => {
      if (this.#isClosed) throw endingError();
      const abort = new AbortController();
      this.#current = { work, abort };
      try {
        return await run(abort.signal);
      } finally {
        this.#current = undefined;
      }
    });
  }

  async #make(reason: BackupReason, signal: AbortSignal): Promise<Backup> {
    const { clock } = this.#deps;
    requireThere(this.#deps.chosenFolder());
    await this.#clear();
    const onProgress = (doneBytes: number, totalBytes: number) => this.#tell({ work: 'create', doneBytes, totalBytes });
    const maker = { ...this.#deps, thread: this.#thread, now: () => clock.now() };
    return makeBackup(maker, { folder: this.folder, reason, signal, onProgress });
  }

  /** One that cannot be removed does not take the new one along; the next backup tries again. */
  async #prune(): Promise<string[]> {
    const { clock, keepDays, log } = this.#deps;
    const removed: string[] = [];
    for (const backup of expiredBackups((await this.list()).backups, clock.now(), keepDays())) {
      try {
        await removeBackup(backup);
        removed.push(backup.id);
      } catch (err) {
        log('an old backup was not removed', { backup: backup.id, err });
      }
    }
    return removed;
  }

  #failed(error: unknown, reason: BackupReason, actor: string): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.#deps.log('a backup failed', { reason, err: error });
    this.tried.emit(problem);
    try {
      this.#audit('backup_failed', actor, { reason, problem });
    } catch (err) {
      // On a full disk there is no room for this either, and the first reason is the one to tell.
      this.#deps.log('the failure of a backup was not audited', { err });
    }
  }

  #audit(event: AuditEvent, actor: string, detail: Readonly<Record<string, unknown>>): void {
    const { btmsg, audit, clock } = this.#deps;
    btmsg.write(() => audit.append({ at: clock.now(), event, agentId: null, actor, detail }));
  }

  #tell(progress: WorkProgress): void {
    const at = this.#deps.clock.elapsed();
    if (at - this.#toldAt < toldEveryMs) return;
    this.#toldAt = at;
    this.progressed.emit(progress);
  }
}

/** It is not made: it may be of a disk that is away, and what is put in its place would fill another one. */
function requireThere(chosen: string): void {
  if (chosen === '' || existsSync(chosen)) return;
  throw new AgorError(
    'storage',
    `The folder for backups, ${chosen}, is not there. Make it, bring its disk back, or choose another one (backup.folder).`,
  );
}

function isCancelled(error: unknown): boolean {
  return error instanceof AgorError && (error.code === 'cancelled' || error.code === 'unavailable');
}

function endingError(): AgorError {
  return new AgorError('unavailable', 'The backend is ending. Try again in a moment.');
}
