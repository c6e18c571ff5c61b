/** Keeps the view of one session up to date: snapshot, changes, and a new snapshot whenever something is missing. */
import type { Approval } from '../../server/protocol/approval.ts';
import type { NotificationParams } from '../../server/protocol/notifications.ts';
import { type Host, sentenceOf } from '../shared/host.ts';
import { applyBatch, type SessionView, withApproval, withEarlier, withoutOldest, withSnapshot } from './session-view.ts';

export interface SessionFeedDeps {
  request: Host['request'];
  /** Called after each change of `view`, `loadingEarlier` or `failure`. */
  onChange: () => void;
  /** Whether the reader is at the end, and what is far up need not be kept. */
  isAtEnd: () => boolean;
  /** Runs `task` later; a second snapshot is never asked for at once. */
  later: (task: () => void, delayMs: number) => void;
}

type Changed = NotificationParams<'session/changed'>;

const usualPageSize = 200;
const maxPageSize = 1000;
const retryDelayMs = 1000;

export class SessionFeed {
  readonly #deps: SessionFeedDeps;
  #sessionId: string | null = null;
  #view: SessionView | null = null;
  #failure: string | null = null;
  #loadingEarlier = false;
  /** Changes that arrived while a snapshot was on its way; `null` when none is. */
  #early: Changed[] | null = null;
  /** Counts snapshots asked for: an answer to an older question is dropped. */
  #generation = 0;
  #resting = false;
  #missing = false;

  constructor(deps: SessionFeedDeps) {
    this.#deps = deps;
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  get view(): SessionView | null {
    return this.#view;
  }

  /** Why there is no view, or no newer one. */
  get failure(): string | null {
    return this.#failure;
  }

  get isLoadingEarlier(): boolean {
    return this.#loadingEarlier;
  }

  /** Shows another session, or none. */
  async show(sessionId: string | null): Promise<void> {
    if (sessionId === this.#sessionId) return;
    const before = this.#sessionId;
    this.#sessionId = sessionId;
    this.#view = null;
    this.#failure = null;
    this.#loadingEarlier = false;
    this.#deps.onChange();
    // A connection that is gone watches nothing, so a refusal changes nothing.
    if (before) void this.#deps.request('session/unwatch', { session: before }).catch(() => undefined);
    await this.refresh();
  }

  /** A new snapshot of the session that is shown: after a gap, and when the connection came back. */
  async refresh(): Promise<void> {
    const session = this.#sessionId;
    this.#generation += 1;
    const generation = this.#generation;
    this.#early = null;
    if (!session) return;
    this.#early = [];
    const loaded = this.#view?.items.length ?? 0;
    try {
      const limit = Math.min(maxPageSize, Math.max(usualPageSize, loaded));
      const snapshot = await this.#deps.request('session/watch', { session, limit });
      if (generation !== this.#generation) return;
      this.#view = withSnapshot(this.#view, snapshot);
      this.#failure = null;
      this.#loadingEarlier = false;
      this.#applyEarly();
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#early = null;
      this.#failure = sentenceOf(error);
    }
    this.#deps.onChange();
  }

  receive(changed: Changed): void {
    if (changed.sessionId !== this.#sessionId) return;
    if (this.#early) {
      this.#early.push(changed);
      return;
    }
    if (!this.#view) return;
    const applied = applyBatch(this.#view, changed);
    if (applied === 'gap') return this.#planRefresh();
    if (applied === this.#view) return;
    this.#view = this.#deps.isAtEnd() ? withoutOldest(applied) : applied;
    this.#deps.onChange();
  }

  receiveApproval(approval: Approval): void {
    if (!this.#view || approval.sessionId !== this.#sessionId) return;
    const view = withApproval(this.#view, approval);
    if (view === this.#view) return;
    this.#view = view;
    this.#deps.onChange();
  }

  async loadEarlier(pageSize = usualPageSize): Promise<void> {
    const view = this.#view;
    const first = view?.items[0];
    if (!view?.hasEarlier || !first || this.#loadingEarlier) return;
    this.#loadingEarlier = true;
    this.#deps.onChange();
    const generation = this.#generation;
    try {
      const page = await this.#deps.request('session/items', {
        session: view.session.id,
        beforeOrdinal: first.ordinal,
        limit: pageSize,
      });
      if (generation === this.#generation && this.#view) this.#view = withEarlier(this.#view, page);
    } catch {
      // The person scrolls again, or the connection comes back with a new snapshot.
    }
    if (generation !== this.#generation) return;
    this.#loadingEarlier = false;
    this.#deps.onChange();
  }

  #applyEarly(): void {
    const early = this.#early ?? [];
    this.#early = null;
    // What another life of the backend sent before the snapshot is in the snapshot.
    for (const changed of early) if (changed.feed === this.#view?.feed) this.receive(changed);
  }

  /** At most one snapshot a second, so that a feed that never fits cannot keep the backend busy. */
  #planRefresh(): void {
    this.#missing = true;
    if (this.#resting) return;
    this.#resting = true;
    this.#missing = false;
    void this.refresh();
    this.#deps.later(() => {
      this.#resting = false;
      if (this.#missing) this.#planRefresh();
    }, retryDelayMs);
  }
}
