/**
 * Keeps the counts of the loop breaker over a restart of the backend. They are written together, at most once a second and at
 * the end: a backend that is killed loses the calls of its last second from the count, and nothing else.
 */
import type { Clock } from '../base/clock.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import { LoopStore } from './loop-store.ts';
import { LoopWatch, type LoopWatchDeps } from './loop-watch.ts';

export type LoopKeeperDeps = {
  readonly file: RecordFile;
  readonly clock: Clock;
  readonly hashOf: LoopWatchDeps['hashOf'];
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const writeEveryMs = 1_000;

export class LoopKeeper {
  readonly watch: LoopWatch;
  readonly #deps: LoopKeeperDeps;
  readonly #store: LoopStore;
  readonly #agents = new Set<AgentId>();
  readonly #projects = new Set<ProjectId>();
  #callOff: (() => void) | undefined;

  constructor(deps: LoopKeeperDeps) {
    this.#deps = deps;
    this.#store = new LoopStore(deps.file.db);
    this.watch = new LoopWatch({
      hashOf: deps.hashOf,
      counted: this.#store.counts(),
      wroteAt: this.#store.writes(),
      onCounted: (id) => this.#later(this.#agents, id),
      onWrote: (id) => this.#later(this.#projects, id),
    });
  }

  close(): void {
    this.#callOff?.();
    this.#write();
  }

  #later<Id>(changed: Set<Id>, id: Id): void {
    changed.add(id);
    this.#callOff ??= this.#deps.clock.after(writeEveryMs, () => this.#write());
  }

  /** What cannot be written is only counted anew by the next backend, and tried again with the next change. */
  #write(): void {
    this.#callOff = undefined;
    if (this.#agents.size + this.#projects.size === 0) return;
    try {
      this.#deps.file.write(() => {
        for (const id of this.#agents) this.#store.putCount(id, this.watch.counted(id));
        for (const id of this.#projects) this.#store.putWrite(id, this.watch.wroteAt(id) ?? 0);
      });
      this.#agents.clear();
      this.#projects.clear();
    } catch (err) {
      this.#deps.log('the counts of the loop breaker were not kept', { err });
    }
  }
}
