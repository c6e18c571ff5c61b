/**
 * Who may begin a turn: at most so many run at once, over all agents, and who came first goes first. How many run is
 * looked up and never counted along, so no crash, stop or takeover can lose a place.
 */
import type { AgentId } from '../protocol/ids.ts';

export type TurnSlotsDeps = {
  readonly max: () => number;
  /** Turns that run or are about to; one that waits for an answer runs. */
  readonly running: () => number;
  /** The agent has a prompt that it could be given at once. */
  readonly isReady: (id: AgentId) => boolean;
  /** Gives the agent its prompt; asks `take` for it. */
  readonly begin: (id: AgentId) => void;
};

export class TurnSlots {
  readonly #deps: TurnSlotsDeps;
  /** In the order they came. */
  readonly #line = new Set<AgentId>();
  #willLook = false;
  #isClosed = false;

  constructor(deps: TurnSlotsDeps) {
    this.#deps = deps;
  }

  /** Whether the agent may begin now. If not, it stands in line and is told when it may. */
  take(id: AgentId): boolean {
    this.#dropUnready(id);
    this.#line.add(id);
    const [first] = this.#line;
    const isItsTurn = first === id && this.#hasRoom();
    if (isItsTurn) this.#line.delete(id);
    return isItsTurn;
  }

  isWaiting(id: AgentId): boolean {
    return this.#line.has(id) && this.#deps.isReady(id);
  }

  /** How many turns run, wait and may run. */
  counts(): { running: number; waiting: number; max: number } {
    const waiting = [...this.#line].filter((id) => this.#deps.isReady(id)).length;
    return { running: this.#deps.running(), waiting, max: this.#deps.max() };
  }

  /** A turn may have ended, or something else changed: soon, once for all that happens at once, the next ones begin. */
  look(): void {
    if (this.#willLook || this.#line.size === 0) return;
    this.#willLook = true;
    setImmediate(() => {
      this.#willLook = false;
      this.#goOn();
    });
  }

  /** Nothing begins any more. */
  close(): void {
    this.#isClosed = true;
  }

  #goOn(): void {
    if (this.#isClosed) return;
    this.#dropUnready();
    for (const id of [...this.#line]) if (this.#hasRoom()) this.#deps.begin(id);
  }

  /** Stopped, paused or without a prompt by now: it comes again when it has something to do. */
  #dropUnready(except?: AgentId): void {
    for (const id of this.#line) if (id !== except && !this.#deps.isReady(id)) this.#line.delete(id);
  }

  #hasRoom(): boolean {
    return !this.#isClosed && this.#deps.running() < this.#deps.max();
  }
}
