/**
 * What tools tell while they run, at most once per tool in each interval: a build that prints thousands of lines would
 * otherwise write each of them to the disk. The first word is passed on at once, of the following ones the last.
 */
import type { Clock } from '../base/clock.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ItemId, SessionId } from '../protocol/ids.ts';

type Progress = Extract<AgentEvent, { type: 'toolProgressed' }>;
type Pending = { readonly sessionId: SessionId; readonly event: Progress };

type ToolProgressDeps = {
  readonly clock: Clock;
  readonly append: (sessionId: SessionId, event: AgentEvent) => void;
};

export const progressEveryMs = 50;

export class ToolProgress {
  readonly #deps: ToolProgressDeps;
  /** The tools that were heard of within the interval, with what came since. */
  readonly #recent = new Map<ItemId, Pending | null>();

  constructor(deps: ToolProgressDeps) {
    this.#deps = deps;
  }

  add(sessionId: SessionId, event: Progress): void {
    const pending = this.#recent.get(event.itemId);
    // A field that the later word does not name keeps what the earlier one said of it.
    if (pending !== undefined) return void this.#recent.set(event.itemId, { sessionId, event: { ...pending?.event, ...event } });
    this.#deps.append(sessionId, event);
    this.#waitAfter(event.itemId);
  }

  /** Everything that is pending, now: what comes next must not be overtaken by it. */
  flush(): void {
    for (const [itemId, pending] of this.#recent) {
      if (!pending) continue;
      this.#recent.set(itemId, null);
      this.#deps.append(pending.sessionId, pending.event);
    }
  }

  #waitAfter(itemId: ItemId): void {
    this.#recent.set(itemId, null);
    this.#deps.clock.after(progressEveryMs, () => {
      const pending = this.#recent.get(itemId);
      this.#recent.delete(itemId);
      if (!pending) return;
      this.#deps.append(pending.sessionId, pending.event);
      this.#waitAfter(itemId);
    });
  }
}
