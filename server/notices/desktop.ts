/**
 * Notices on the desktop of the machine that the backend runs on, for when nobody looks at a window. Where there is no
 * desktop, or no program for it, that is said once and tried again now and then; it never keeps anything else from going on.
 */
import { Allowance } from '../base/allowance.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { OneByOne } from '../base/one-by-one.ts';
import type { NoticeId } from '../protocol/ids.ts';
import type { DesktopNotices, Notice } from '../protocol/notice.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Wording } from '../protocol/wording.ts';
import { type DesktopWords, desktopWords, mayTellDesktop } from './desktop-decision.ts';
import type { ProgramOutcome } from './desktop-process.ts';
import type { DesktopProgram } from './desktop-programs.ts';

export type DesktopDeps = {
  readonly clock: Clock;
  readonly setting: Setting;
  readonly isAnyFocused: () => boolean;
  readonly wording: Wording;
  readonly isUnread: (id: NoticeId) => boolean;
  /** In the order in which they are tried. */
  readonly programs: readonly DesktopProgram[];
  readonly run: (program: DesktopProgram, words: DesktopWords, signal: AbortSignal) => Promise<ProgramOutcome>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** What comes in this time is told together; and a window that has just begun has time to say that a person looks at it. */
const gatherMs = 2_000;
const restMs = 10 * 60_000;
const most = { times: 5, perMs: 60_000 } as const;

export class Desktop {
  /** Whether notices can be shown. */
  readonly changed = new Emitter<void>();
  readonly #deps: DesktopDeps;
  readonly #waiting = new Map<NoticeId, Notice>();
  readonly #allowance = new Allowance(most);
  readonly #showing = new OneByOne();
  readonly #toldReasons = new Set<string>();
  readonly #closing = new AbortController();
  #outcome: DesktopNotices = { state: 'untried', detail: '' };
  #restUntil = Number.NEGATIVE_INFINITY;
  #stopGathering: (() => void) | undefined;

  constructor(deps: DesktopDeps) {
    this.#deps = deps;
  }

  get state(): DesktopNotices {
    return this.#deps.setting('notifications.desktop') === 'off' ? { state: 'off', detail: '' } : this.#outcome;
  }

  get #isResting(): boolean {
    return this.#deps.clock.elapsed() < this.#restUntil;
  }

  /** What is news. It is told here if nobody looks now, nor a moment later. */
  tell(news: readonly Notice[]): void {
    for (const notice of news.filter((each) => this.#mayTell(each))) this.#waiting.set(notice.id, notice);
    if (this.#waiting.size > 0) this.#stopGathering ??= this.#deps.clock.after(gatherMs, () => this.#decide());
  }

  close(): void {
    this.#stopGathering?.();
    this.#waiting.clear();
    this.#closing.abort();
  }

  #decide(): void {
    this.#stopGathering = undefined;
    const due = [...this.#waiting.values()].filter((notice) => this.#mayTell(notice) && this.#deps.isUnread(notice.id));
    this.#waiting.clear();
    for (const words of desktopWords(due, this.#deps.wording)) this.#show(words);
  }

  #mayTell(notice: Notice): boolean {
    const { setting, isAnyFocused } = this.#deps;
    return mayTellDesktop(notice, { setting, isAnyFocused: isAnyFocused() });
  }

  /** What was too much is in the history, and counted with the next. */
  #show({ title, text }: DesktopWords): void {
    const granted = this.#isResting ? null : this.#allowance.take(this.#deps.clock.elapsed());
    if (!granted) return;
    const { refusedBefore } = granted;
    const t = this.#deps.wording;
    const more = refusedBefore > 0 ? `\n${t('{0} more were not shown here.', refusedBefore)}` : '';
    void this.#showing.do(() => this.#tryAll({ title, text: text + more }));
  }

  async #tryAll(words: DesktopWords): Promise<void> {
    if (this.#isResting || this.#closing.signal.aborted) return;
    const reasons: string[] = [];
    for (const program of this.#deps.programs) {
      const outcome = await this.#deps.run(program, words, this.#closing.signal);
      if (outcome.kind === 'shown') return this.#become({ state: 'shown', detail: program.file });
      reasons.push(outcome.kind === 'missing' ? `${program.file} is not there` : `${program.file}: ${outcome.why}`);
    }
    this.#restUntil = this.#deps.clock.elapsed() + restMs;
    this.#become({ state: 'unavailable', detail: reasons.join('; ') || 'no program is known for this system' });
  }

  #become(outcome: DesktopNotices): void {
    if (outcome.state === this.#outcome.state && outcome.detail === this.#outcome.detail) return;
    this.#outcome = outcome;
    this.changed.emit();
    if (outcome.state !== 'unavailable' || this.#toldReasons.has(outcome.detail)) return;
    this.#toldReasons.add(outcome.detail);
    this.#deps.log('notices cannot be shown on the desktop', { why: outcome.detail });
  }
}
