/**
 * The most that a turn may take, whatever is said in it meanwhile. Past it the turn is told to end, then its program,
 * and however it then ends, the person is told that this was why.
 */
import type { Clock } from '../base/clock.ts';
import type { AgentEvent, Failure } from '../protocol/agent-event.ts';
import type { TurnId } from '../protocol/ids.ts';

type TurnDeadlineDeps = {
  readonly clock: Clock;
  /** Null: there is none. */
  readonly limitMinutes: number | null;
  readonly onReached: (failure: Failure) => void;
};

export class TurnDeadline {
  readonly #deps: TurnDeadlineDeps;
  #turnId: TurnId | undefined;
  #callOff: (() => void) | undefined;
  #reached: Failure | undefined;

  constructor(deps: TurnDeadlineDeps) {
    this.#deps = deps;
  }

  /** Whether the turn that runs is past it. */
  get isReached(): boolean {
    return this.#reached !== undefined;
  }

  /** The event, with the true reason in it when it is the end of a turn that took too long. */
  pass(event: AgentEvent): AgentEvent {
    if (event.type === 'turnStarted') this.#begin(event.turnId);
    if (event.type !== 'turnEnded' || event.turnId !== this.#turnId) return event;
    const failure = this.#reached;
    this.#end();
    // One that was done just then was done.
    return failure === undefined || event.reason === 'completed' ? event : { ...event, reason: 'limit', failure };
  }

  #begin(turnId: TurnId): void {
    this.#end();
    const { clock, limitMinutes } = this.#deps;
    this.#turnId = turnId;
    if (limitMinutes !== null) this.#callOff = clock.after(limitMinutes * 60_000, () => this.#reach(limitMinutes));
  }

  #reach(limitMinutes: number): void {
    const message = `The turn took longer than its limit of ${limitMinutes} min, so it was ended.`;
    this.#reached = { type: 'unknown', message, retryable: false };
    this.#deps.onReached(this.#reached);
  }

  #end(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#reached = undefined;
    this.#turnId = undefined;
  }
}
