/**
 * Frees agents whose questions nobody answers, where a person set a time limit. The waits go by a clock that only grows: what is
 * kept on disk is wall time, which may be set back or forward, and never makes a wait longer than the limit.
 */
import type { Clock } from '../base/clock.ts';
import type { Approval } from '../protocol/approval.ts';
import type { ApprovalId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Approvals } from './approvals.ts';

export type QuestionLimitsDeps = {
  readonly approvals: Approvals;
  readonly setting: Setting;
  readonly expire: (id: ApprovalId, message: string) => void;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Due = { readonly expiresAt: number /** On the clock that only grows. */; readonly at: number };

const minuteMs = 60_000;
/** A disk that takes nothing now may later. */
const retryMs = 60_000;
/** Timers take no longer waits. */
const longestWaitMs = 2 ** 31 - 1;

export class QuestionLimits {
  readonly #deps: QuestionLimitsDeps;
  readonly #due = new Map<ApprovalId, Due>();
  #limitMs: number | null = null;
  #callOff: () => void = () => {};
  #isOpen = false;

  constructor(deps: QuestionLimitsDeps) {
    this.#deps = deps;
  }

  get limitMs(): number | null {
    const minutes = this.#deps.setting('permissions.timeLimitMin');
    return minutes === 0 ? null : minutes * minuteMs;
  }

  /** Goes on with what an earlier backend left. */
  start(): void {
    this.#isOpen = true;
    this.#limitMs = this.limitMs;
    this.look();
  }

  close(): void {
    this.#isOpen = false;
    this.#callOff();
  }

  /** With another limit, what is open waits anew from now on. */
  settingsChanged(): void {
    if (!this.#isOpen || this.limitMs === this.#limitMs) return;
    this.#limitMs = this.limitMs;
    this.#deps.approvals.limit(this.#limitMs === null ? null : this.#deps.clock.now() + this.#limitMs);
    this.look();
  }

  /** A question came, or was settled. */
  look(): void {
    if (!this.#isOpen) return;
    this.#callOff();
    const open = this.#deps.approvals.open();
    for (const id of this.#due.keys()) if (!open.some((approval) => approval.id === id)) this.#due.delete(id);
    for (const approval of open) this.#note(approval);
    const next = Math.min(...[...this.#due.values()].map(({ at }) => at));
    if (!Number.isFinite(next)) return;
    const waitMs = Math.min(Math.max(0, next - this.#deps.clock.elapsed()), longestWaitMs);
    this.#callOff = this.#deps.clock.after(waitMs, () => this.#expireDue());
  }

  #note({ id, expiresAt }: Approval): void {
    if (expiresAt === null) {
      this.#due.delete(id);
      return;
    }
    if (this.#due.get(id)?.expiresAt === expiresAt) return;
    const { clock } = this.#deps;
    const leftMs = Math.max(0, Math.min(expiresAt - clock.now(), this.#limitMs ?? Number.POSITIVE_INFINITY));
    this.#due.set(id, { expiresAt, at: clock.elapsed() + leftMs });
  }

  #expireDue(): void {
    const { clock, expire, log } = this.#deps;
    for (const [id, { at, expiresAt }] of this.#due) {
      if (at > clock.elapsed()) continue;
      try {
        expire(id, this.#denial());
        this.#due.delete(id);
      } catch (err) {
        log('a question whose time is over could not be settled', { approvalId: id, err });
        this.#due.set(id, { expiresAt, at: clock.elapsed() + retryMs });
      }
    }
    this.look();
  }

  #denial(): string {
    const minutes = (this.#limitMs ?? 0) / minuteMs;
    const span = minutes === 1 ? '1 minute' : `${minutes} minutes`;
    return `Nobody answered within ${span}, so this was denied. Nobody has decided against it: go on without it, or ask again later.`;
  }
}
