/** Who watches which session, and the numbered changes they get. */
import type { SessionId } from '../protocol/ids.ts';
import type { NotificationParams } from '../protocol/notifications.ts';
import type { SessionChange } from '../protocol/session.ts';

export type SessionWatcher = (params: NotificationParams<'session/changed'>) => void;

type Feed = { seq: number; readonly watchers: Set<SessionWatcher> };

export class SessionFeed {
  /** Names this life of the feed: numbers of another one mean nothing here. */
  readonly id: string;
  readonly #feeds = new Map<SessionId, Feed>();

  constructor(id: string) {
    this.id = id;
  }

  /** The number that the next change follows on. */
  watch(sessionId: SessionId, watcher: SessionWatcher): number {
    const feed = this.#feeds.get(sessionId) ?? { seq: 0, watchers: new Set() };
    this.#feeds.set(sessionId, feed);
    feed.watchers.add(watcher);
    return feed.seq;
  }

  unwatch(sessionId: SessionId, watcher: SessionWatcher): void {
    this.#feeds.get(sessionId)?.watchers.delete(watcher);
  }

  unwatchAll(watcher: SessionWatcher): void {
    for (const feed of this.#feeds.values()) feed.watchers.delete(watcher);
  }

  watchers(sessionId: SessionId): SessionWatcher[] {
    return [...(this.#feeds.get(sessionId)?.watchers ?? [])];
  }

  publish(sessionId: SessionId, changes: SessionChange[]): void {
    const feed = this.#feeds.get(sessionId);
    if (!feed || changes.length === 0) return;
    feed.seq += 1;
    for (const watcher of feed.watchers) watcher({ sessionId, feed: this.id, seq: feed.seq, changes });
  }
}
