/**
 * Which panels watch which sessions. The backend knows one watch for each connection, so it is ended only with the last
 * panel that has it.
 */
export class SessionWatches<Watcher> {
  readonly #watchers = new Map<string, Set<Watcher>>();

  add(sessionId: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(sessionId) ?? new Set();
    this.#watchers.set(sessionId, watchers.add(watcher));
  }

  /** Answers whether nobody watches the session any more. */
  remove(sessionId: string, watcher: Watcher): boolean {
    const watchers = this.#watchers.get(sessionId);
    if (!watchers?.delete(watcher) || watchers.size > 0) return false;
    this.#watchers.delete(sessionId);
    return true;
  }

  /** Answers the sessions that nobody watches any more. */
  removeWatcher(watcher: Watcher): string[] {
    return [...this.#watchers.keys()].filter((sessionId) => this.remove(sessionId, watcher));
  }

  watchersOf(sessionId: string): Watcher[] {
    return [...(this.#watchers.get(sessionId) ?? [])];
  }

  /** A new connection knows none of the old one's watches. */
  clear(): void {
    this.#watchers.clear();
  }
}
