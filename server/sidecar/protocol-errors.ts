/**
 * Tells of what the agent's program wrote against its own protocol: the first time at once, and then once a second for
 * all that came since, or a flood of garbage would become a flood of events.
 */

import type { Clock } from '../base/clock.ts';
import type { ProtocolError } from './agent-frame.ts';

export const tellEveryMs = 1_000;

type ProtocolErrorsDeps = { readonly clock: Clock; readonly tell: (error: ProtocolError) => void };

export class ProtocolErrors {
  readonly #deps: ProtocolErrorsDeps;
  /** Of each problem that was told within the last second, what came since. */
  readonly #recent = new Map<ProtocolError['problem'], ProtocolError | null>();

  constructor(deps: ProtocolErrorsDeps) {
    this.#deps = deps;
  }

  add(error: ProtocolError): void {
    const since = this.#recent.get(error.problem);
    if (since === undefined) return this.#tell(error);
    this.#recent.set(error.problem, since ? together(since, error) : error);
  }

  #tell(error: ProtocolError): void {
    this.#deps.tell(error);
    this.#recent.set(error.problem, null);
    this.#deps.clock.after(tellEveryMs, () => {
      const since = this.#recent.get(error.problem);
      this.#recent.delete(error.problem);
      if (since) this.#tell(since);
    });
  }
}

/** The place and the words of the first, the numbers of both. */
function together(first: ProtocolError, next: ProtocolError): ProtocolError {
  return { ...first, bytes: first.bytes + next.bytes, count: first.count + next.count };
}
