/**
 * The daily housekeeping: old messages into archives, and old items of transcripts where a person asked for it; free pages
 * back to the disk, old files away. It is announced before the first message goes, and waits a week for a word of the person;
 * for transcripts the setting is that word. A day that was missed is made up for at the start.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RetentionPreview, RetentionReport, RetentionRun, RetentionState } from '../protocol/retention.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { ArchiveKind, Archives, KeptDays } from './archives.ts';
import type { Taken } from './archiving.ts';
import { beginsAt, isLookDue, mayRemove, nextStep } from './daily.ts';
import { forgetChanges } from './forgotten-changes.ts';
import type { HousekeepingStore } from './housekeeping-store.ts';
import { quarantineProblem, type SweepDeps, type SweepResult, sweep } from './sweep.ts';
import { giveBackPages } from './vacuuming.ts';

export type HousekeepingDeps = {
  readonly files: { readonly sessions: RecordFile; readonly btmsg: RecordFile };
  readonly audit: AuditLog;
  readonly store: HousekeepingStore;
  /** Over both databases, until the backend ends. */
  readonly archives: Archives;
  readonly sweeping: Omit<SweepDeps, 'now'>;
  readonly days: () => KeptDays;
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
  #lookedElapsedAt: number | undefined;
  #underWay: Promise<RetentionRun> | undefined;
  #quarantined = 0;
  #lastFailure: string | null = null;
  #isEnding = false;
  #stop = () => {};

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#lookLater(firstLookMs);
  }

  /** Waits for the step that is under way, so that the databases can be closed behind it. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#deps.archives.end();
    this.#stop();
    await this.#underWay?.catch(() => {});
  }

  show(): RetentionReport {
    const { store, archives, days } = this.#deps;
    const { announcedAt, lookedAt, lastRun } = store.get();
    const { messages: messageDays, transcripts: transcriptDays } = days();
    const begins = announcedAt === null ? null : beginsAt(announcedAt);
    const standing = { state: this.#state(), announcedAt, beginsAt: begins, lookedAt, lastRun };
    return { messageDays, transcriptDays, ...standing, ...archives.show() };
  }

  preview(): Promise<RetentionPreview> {
    return this.#deps.archives.preview(this.#deps.days());
  }

  /** The person wants it, now and from now on. */
  async run(actor: string): Promise<RetentionRun> {
    const { messages, transcripts } = this.#deps.days();
    if (messages === 0 && transcripts === 0) throw offError();
    if (this.#underWay)
      throw new AgorError('conflict', 'The housekeeping is at work already. Wait a moment, and see "agor retention show".');
    if (messages > 0) this.#agree(actor);
    return this.#begin({ archived: { messages: messages > 0, transcripts: transcripts > 0 }, isRemoving: true });
  }

  agree(actor: string): RetentionReport {
    if (this.#deps.days().messages === 0) throw messagesOffError();
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
    const { clock, store, days } = this.#deps;
    const { lookedAt, announcedAt, agreedAt } = store.get();
    const now = clock.now();
    const sinceLookMs = this.#lookedElapsedAt === undefined ? null : clock.elapsed() - this.#lookedElapsedAt;
    if (this.#underWay || !isLookDue({ lookedAt, sinceLookMs }, now)) return;
    const isRemoving = mayRemove({ lookedAt }, now);
    const { messages: messageDays, transcripts: transcriptDays } = days();
    const step = nextStep({ messageDays, announcedAt, agreedAt }, now);
    this.#lookedElapsedAt = clock.elapsed();
    if (step === 'announce') await this.#announce();
    // A person may have begun it meanwhile, and two at once would take away each other's files.
    if (this.#underWay || this.#isEnding) return;
    const archived = { messages: isRemoving && step === 'archive', transcripts: isRemoving && transcriptDays > 0 };
    await this.#begin({ archived, isRemoving });
  }

  #lookLater(afterMs: number): void {
    this.#stop = this.#deps.clock.after(afterMs, () => {
      this.#lookLater(lookEveryMs);
      void this.look();
    });
  }

  #state(): RetentionState {
    const { announcedAt, agreedAt } = this.#deps.store.get();
    if (this.#deps.days().messages === 0) return 'off';
    if (agreedAt !== null) return 'agreed';
    if (announcedAt === null) return 'quiet';
    return this.#deps.clock.now() < beginsAt(announcedAt) ? 'announced' : 'agreed';
  }

  async #announce(): Promise<void> {
    const { store, clock, archives } = this.#deps;
    const { messages: days } = this.#deps.days();
    const { messages } = await archives.preview({ messages: days, transcripts: 0 });
    if (messages === 0) return;
    const announcedAt = clock.now();
    this.#tell('retention_announced', 'backend', { messages, days, beginsAt: beginsAt(announcedAt) }, () => store.change({ announcedAt }));
    this.announced.emit({ messages, days, beginsAt: beginsAt(announcedAt) });
  }

  #agree(actor: string): void {
    const { store, clock, days } = this.#deps;
    const { agreedAt, announcedAt } = store.get();
    if (agreedAt !== null) return;
    const at = clock.now();
    const agreed = { agreedAt: at, announcedAt: announcedAt ?? at };
    this.#tell('retention_agreed', actor, { days: days().messages }, () => store.change(agreed));
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

  async #do({ archived, isRemoving }: Wish): Promise<RetentionRun> {
    const { clock, store } = this.#deps;
    const problems: string[] = [];
    const told = async <T>(nothing: T, work: () => Promise<T>) => work().catch((error: unknown) => nothingAfter(error, problems, nothing));
    const archive = (kind: ArchiveKind) => (archived[kind] ? told(nothingTaken, () => this.#archive(kind)) : nothingTaken);
    const taken = await archive('messages');
    const items = await archive('transcripts');
    const swept = isRemoving ? await told(undefined, () => this.#sweep()) : undefined;
    problems.push(...(swept?.problems ?? []));
    const freedPages = await told(0, () => this.#giveBack());
    const at = clock.now();
    const files = { removedFiles: swept?.files ?? 0, freedBytes: swept?.bytes ?? 0, freedPages };
    const ofTranscripts = archived.transcripts ? { archivedItems: items.archived, removedItems: items.removed } : {};
    const run = { at, ...taken, ...ofTranscripts, ...files, problems };
    this.#lastFailure = problems[0] ?? null;
    const isTold = archived.messages || archived.transcripts || isRemoving;
    this.#deps.files.btmsg.write(() => store.change({ lookedAt: at, ...(isTold ? { lastRun: run } : {}) }));
    return run;
  }

  #archive(kind: ArchiveKind): Promise<Taken> {
    return this.#deps.archives.run(kind, this.#deps.days()[kind]);
  }

  /** Also what the search was told of removed rows. */
  async #giveBack(): Promise<number> {
    const { files, hasTakenIn, pause } = this.#deps;
    const isEnding = () => this.#isEnding;
    for (const { db } of [files.btmsg, files.sessions]) await forgetChanges({ db, hasTakenIn, pause, isEnding });
    return giveBackPages({ databases: [files.btmsg.db, files.sessions.db], pause, isEnding });
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

type Wish = { readonly archived: Readonly<Record<ArchiveKind, boolean>>; readonly isRemoving: boolean };

const nothingTaken: Taken = { archived: 0, removed: 0 };

function nothingAfter<T>(error: unknown, problems: string[], nothing: T): T {
  problems.push(error instanceof Error ? error.message : String(error));
  return nothing;
}

function offError(): AgorError {
  const why = '"retention.messageDays" and "retention.transcriptDays" are 0';
  return new AgorError('refused', `Messages and transcripts are kept for good (${why}). Set a number of days first.`);
}

function messagesOffError(): AgorError {
  return new AgorError('refused', 'Messages are kept for good ("retention.messageDays" is 0). Set a number of days first.');
}
