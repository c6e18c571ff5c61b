/**
 * The daily housekeeping: old messages into archives, free pages back to the disk, old files away. It is announced before
 * the first message goes, and waits a week for a word of the person. A day that was missed is made up for at the start.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RetentionPreview, RetentionReport, RetentionRun, RetentionState } from '../protocol/retention.ts';
import type { RecordFile } from '../store/record-file.ts';
import { Archiving } from './archiving.ts';
import { beginsAt, isLookDue, mayRemove, nextStep, oldBefore } from './daily.ts';
import { forgetChanges } from './forgotten-changes.ts';
import type { HousekeepingStore } from './housekeeping-store.ts';
import { quarantineProblem, type SweepDeps, type SweepResult, sweep } from './sweep.ts';
import { giveBackPages } from './vacuuming.ts';

export type HousekeepingDeps = {
  readonly files: { readonly sessions: RecordFile; readonly btmsg: RecordFile };
  readonly audit: AuditLog;
  readonly store: HousekeepingStore;
  readonly archiveDir: string;
  readonly sweeping: Omit<SweepDeps, 'now'>;
  readonly messageDays: () => number;
  /** Whether the search has all that there was before this was asked. */
  readonly hasTakenIn: () => Promise<boolean>;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const lookEveryMs = 10 * 60_000;
/** A start is busy enough without it. */
const firstLookMs = 60_000;
type Announced = { readonly messages: number; readonly days: number; readonly beginsAt: number };

export class HousekeepingCourse {
  /** Old messages will be archived, and the person has not been told yet. */
  readonly announced = new Emitter<Announced>();
  readonly changed = new Emitter<void>();
  readonly #deps: HousekeepingDeps;
  readonly #archiving: Archiving;
  #lookedElapsedAt: number | undefined;
  #underWay: Promise<RetentionRun> | undefined;
  #quarantined = 0;
  #lastFailure: string | null = null;
  #isEnding = false;
  #stop = () => {};

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
    const { files, audit, store, archiveDir, pause, clock } = deps;
    const now = () => clock.now();
    this.#archiving = new Archiving({ file: files.btmsg, audit, store, dir: archiveDir, pause, now, isEnding: () => this.#isEnding });
  }

  start(): void {
    this.#lookLater(firstLookMs);
  }

  /** Waits for the step that is under way, so that the databases can be closed behind it. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#stop();
    await this.#underWay?.catch(() => {});
  }

  show(): RetentionReport {
    const { store, archiveDir, messageDays } = this.#deps;
    const { announcedAt, lookedAt, lastRun } = store.get();
    const archives = store.archives().map((row) => {
      const path = join(archiveDir, row.name);
      return { ...row, path, isMissing: !existsSync(path) };
    });
    const begins = announcedAt === null ? null : beginsAt(announcedAt);
    return { messageDays: messageDays(), state: this.#state(), announcedAt, beginsAt: begins, lookedAt, lastRun, archiveDir, archives };
  }

  preview(): Promise<RetentionPreview> {
    return this.#archiving.preview(this.#before());
  }

  /** The person wants it, now and from now on. */
  async run(actor: string): Promise<RetentionRun> {
    if (this.#deps.messageDays() === 0) throw offError();
    if (this.#underWay)
      throw new AgorError('conflict', 'The housekeeping is at work already. Wait a moment, and see "agor retention show".');
    this.#agree(actor);
    return this.#begin({ isArchiving: true, isRemoving: true });
  }

  agree(actor: string): RetentionReport {
    if (this.#deps.messageDays() === 0) throw offError();
    this.#agree(actor);
    return this.show();
  }

  /** What is wrong now, one sentence each. */
  problems(): string[] {
    const quarantine = quarantineProblem(this.#quarantined, this.#deps.sweeping.quarantineDir);
    return [quarantine, this.#lastFailure].filter((problem) => problem !== null);
  }

  /** One look, as the clock brings it; resolves when what was due is done. */
  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (err) {
      this.#deps.log('the housekeeping was not done', { err });
    }
  }

  async #look(): Promise<void> {
    const { clock, store, messageDays } = this.#deps;
    const { lookedAt, announcedAt, agreedAt } = store.get();
    const now = clock.now();
    const sinceLookMs = this.#lookedElapsedAt === undefined ? null : clock.elapsed() - this.#lookedElapsedAt;
    if (this.#underWay || !isLookDue({ lookedAt, sinceLookMs }, now)) return;
    const isRemoving = mayRemove({ lookedAt }, now);
    const step = nextStep({ messageDays: messageDays(), announcedAt, agreedAt }, now);
    this.#lookedElapsedAt = clock.elapsed();
    if (step === 'announce') await this.#announce();
    // A person may have begun it meanwhile, and two at once would take away each other's files.
    if (this.#underWay || this.#isEnding) return;
    await this.#begin({ isArchiving: isRemoving && step === 'archive', isRemoving });
  }

  #lookLater(afterMs: number): void {
    this.#stop = this.#deps.clock.after(afterMs, () => {
      this.#lookLater(lookEveryMs);
      void this.look();
    });
  }

  #state(): RetentionState {
    const { announcedAt, agreedAt } = this.#deps.store.get();
    if (this.#deps.messageDays() === 0) return 'off';
    if (agreedAt !== null) return 'agreed';
    if (announcedAt === null) return 'quiet';
    return this.#deps.clock.now() < beginsAt(announcedAt) ? 'announced' : 'agreed';
  }

  #before(): number {
    const days = this.#deps.messageDays();
    return days === 0 ? 0 : oldBefore(days, this.#deps.clock.now());
  }

  async #announce(): Promise<void> {
    const { store, clock, messageDays } = this.#deps;
    const { messages } = await this.preview();
    if (messages === 0) return;
    const announcedAt = clock.now();
    const days = messageDays();
    this.#tell('retention_announced', 'backend', { messages, days, beginsAt: beginsAt(announcedAt) }, () => store.change({ announcedAt }));
    this.announced.emit({ messages, days, beginsAt: beginsAt(announcedAt) });
  }

  #agree(actor: string): void {
    const { store, clock, messageDays } = this.#deps;
    const { agreedAt, announcedAt } = store.get();
    if (agreedAt !== null) return;
    const at = clock.now();
    const agreed = { agreedAt: at, announcedAt: announcedAt ?? at };
    this.#tell('retention_agreed', actor, { days: messageDays() }, () => store.change(agreed));
  }

  #tell(event: 'retention_announced' | 'retention_agreed' | 'files_removed', actor: string, detail: object, change: () => void): void {
    const { files, audit, clock } = this.#deps;
    files.btmsg.write(() => {
      change();
      audit.append({ at: clock.now(), event, agentId: null, actor, detail: { ...detail } });
    });
  }

  #begin(wish: Wish): Promise<RetentionRun> {
    const run = this.#do(wish).finally(() => {
      this.#underWay = undefined;
      this.changed.emit();
    });
    this.#underWay = run;
    return run;
  }

  async #do({ isArchiving, isRemoving }: Wish): Promise<RetentionRun> {
    const { files, clock, store, pause } = this.#deps;
    const problems: string[] = [];
    const told = async <T>(nothing: T, work: () => Promise<T>) => work().catch((error: unknown) => nothingAfter(error, problems, nothing));
    const taken = isArchiving
      ? await told({ archived: 0, removed: 0 }, () => this.#archiving.run(this.#before()))
      : { archived: 0, removed: 0 };
    const swept = isRemoving ? await told(undefined, () => this.#sweep()) : undefined;
    problems.push(...(swept?.problems ?? []));
    const isEnding = () => this.#isEnding;
    const { db } = files.btmsg;
    await told(0, () => forgetChanges({ db, hasTakenIn: this.#deps.hasTakenIn, pause, isEnding }));
    const databases = [db, files.sessions.db];
    const freedPages = await told(0, () => giveBackPages({ databases, pause, isEnding }));
    const at = clock.now();
    const run = { at, ...taken, removedFiles: swept?.files ?? 0, freedBytes: swept?.bytes ?? 0, freedPages, problems };
    this.#lastFailure = problems[0] ?? null;
    files.btmsg.write(() => store.change({ lookedAt: at, ...(isArchiving || isRemoving ? { lastRun: run } : {}) }));
    return run;
  }

  async #sweep(): Promise<SweepResult> {
    const { sweeping, clock } = this.#deps;
    const swept = await sweep({ ...sweeping, now: () => clock.now() });
    this.#quarantined = swept.left;
    const { files, bytes, quarantined } = swept;
    const detail = { files, bytes, quarantined: quarantined.length, names: quarantined.slice(0, 20).map(({ name }) => name) };
    if (files > 0) this.#tell('files_removed', 'backend', detail, () => {});
    return swept;
  }
}

type Wish = { readonly isArchiving: boolean; readonly isRemoving: boolean };

function nothingAfter<T>(error: unknown, problems: string[], nothing: T): T {
  problems.push(error instanceof Error ? error.message : String(error));
  return nothing;
}

function offError(): AgorError {
  return new AgorError('refused', 'Messages are kept for good ("retention.messageDays" is 0). Set a number of days first.');
}
