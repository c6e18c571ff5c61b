/** Ends turns of agents that are held: by an interrupt first, and where a program does not heed it, with the program. */
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../protocol/ids.ts';

export type TurnStopsDeps = {
  readonly clock: Clock;
  /** Asks the program to end its turn; the session stays usable. */
  readonly interrupt: (id: AgentId) => Promise<unknown>;
  /** Ends the program; what waits goes on in a new start. */
  readonly end: (id: AgentId) => Promise<unknown>;
  /** Looks again whether the turn runs. */
  readonly look: () => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** A program answers an interrupt within a second; one that waits for its tool may need a few. */
const heedMs = 10_000;
const interrupts = 2;

export class TurnStops {
  readonly #deps: TurnStopsDeps;
  readonly #tried = new Map<AgentId, { readonly at: number; readonly times: number }>();

  constructor(deps: TurnStopsDeps) {
    this.#deps = deps;
  }

  /** Called once too often is harmless. */
  stop(id: AgentId): void {
    const { clock, interrupt, end, look, log } = this.#deps;
    const { at, times } = this.#tried.get(id) ?? { at: Number.NEGATIVE_INFINITY, times: 0 };
    if (clock.elapsed() - at < heedMs) return;
    this.#tried.set(id, { at: clock.elapsed(), times: times + 1 });
    const stop = times < interrupts ? interrupt : end;
    // A sidecar that is away for a moment is asked when it is back, or with the next try.
    stop(id).catch((err: unknown) => log('the turn of a held agent was not ended', { agentId: id, err }));
    clock.after(heedMs, look);
  }

  /** Its turn is over. */
  ended(id: AgentId): void {
    this.#tried.delete(id);
  }
}
