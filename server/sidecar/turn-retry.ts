/**
 * Tries a turn again that failed at the provider before it had any effect, for programs that do not do so themselves.
 * To everybody else it stays one turn: its second beginning is not told, its end only when nothing is tried any more.
 */
import type { Clock } from '../base/clock.ts';
import type { AgentEvent, Failure } from '../protocol/agent-event.ts';
import type { PromptId, TurnId } from '../protocol/ids.ts';
import type { Prompt } from './adapter.ts';
import { mostRetries, retryDelayMs, retryingFailure } from './retry-delay.ts';

type Ended = Extract<AgentEvent, { type: 'turnEnded' }>;

type Turn = {
  readonly turnId: TurnId;
  readonly prompt: Prompt;
  /** As the program numbers this attempt of it. */
  attemptId: TurnId;
  retries: number;
  hasEffects: boolean;
};

/** How it ended last, while the next attempt waits for its time. */
type Waiting = { readonly failure: Failure; readonly callOff: () => void };

type TurnRetryDeps = {
  readonly clock: Clock;
  readonly random: () => number;
  /** Gives the prompt to the program once more. */
  readonly give: (prompt: Prompt) => Promise<void>;
  /** Told in the place of what the program said. */
  readonly tell: (event: AgentEvent) => void;
};

export class TurnRetry {
  readonly #deps: TurnRetryDeps;
  readonly #prompts = new Map<PromptId, Prompt>();
  #turn: Turn | undefined;
  #waiting: Waiting | undefined;
  #isGivenAgain = false;

  constructor(deps: TurnRetryDeps) {
    this.#deps = deps;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** What the prompt says, should it have to be given once more. */
  prompted(prompt: Prompt): void {
    this.#prompts.set(prompt.promptId, prompt);
  }

  /** What everybody else is to hear of an event; null when nothing. */
  pass(event: AgentEvent): AgentEvent | null {
    if (event.type === 'turnStarted') return this.#started(event);
    if (event.type === 'turnEnded') return this.#ended(event);
    if (this.#turn && (event.type === 'toolStarted' || event.type === 'permissionAsked')) this.#turn.hasEffects = true;
    return event;
  }

  /** Ends a turn that waits for its next attempt; false when none does. */
  end(reason: Ended['reason'], failure?: Failure): boolean {
    const { turnId } = this.#turn ?? {};
    const waiting = this.#waiting;
    if (!waiting || turnId === undefined) return false;
    waiting.callOff();
    this.#forget();
    this.#deps.tell({ type: 'turnEnded', turnId, reason, failure: failure ?? (reason === 'failed' ? waiting.failure : null) });
    return true;
  }

  #started(event: Extract<AgentEvent, { type: 'turnStarted' }>): AgentEvent | null {
    const [promptId, ...others] = event.promptIds;
    if (this.#isGivenAgain && this.#turn && promptId === this.#turn.prompt.promptId) {
      this.#isGivenAgain = false;
      this.#turn.attemptId = event.turnId;
      return null;
    }
    const prompt = promptId === undefined || others.length > 0 ? undefined : this.#prompts.get(promptId);
    this.#forget();
    if (prompt !== undefined) {
      const { turnId } = event;
      this.#turn = { turnId, prompt, attemptId: turnId, retries: 0, hasEffects: false };
    }
    return event;
  }

  #ended(event: Ended): AgentEvent {
    const turn = this.#turn;
    if (turn === undefined || event.turnId !== turn.attemptId) return event;
    const told = { ...event, turnId: turn.turnId };
    const delayMs = this.#delayMs(turn, event);
    if (delayMs === null || event.failure === null) {
      this.#forget();
      return told;
    }
    turn.retries += 1;
    this.#waiting = { failure: event.failure, callOff: this.#deps.clock.after(delayMs, () => void this.#giveAgain(turn)) };
    const failure = retryingFailure(event.failure, delayMs);
    return { type: 'retry', attempt: turn.retries, maxAttempts: mostRetries, delayMs, failure };
  }

  #delayMs(turn: Turn, { reason, failure }: Ended): number | null {
    if (reason !== 'failed' || failure === null || turn.hasEffects) return null;
    return retryDelayMs(failure, turn.retries, this.#deps.random());
  }

  async #giveAgain(turn: Turn): Promise<void> {
    const failure = this.#waiting?.failure ?? null;
    this.#waiting = undefined;
    this.#isGivenAgain = true;
    try {
      await this.#deps.give(turn.prompt);
    } catch {
      // Nobody waits for this attempt: the turn ends as the one before it did.
      if (this.#turn !== turn) return;
      this.#forget();
      this.#deps.tell({ type: 'turnEnded', turnId: turn.turnId, reason: 'failed', failure });
    }
  }

  #forget(): void {
    this.#turn = undefined;
    this.#waiting = undefined;
    this.#isGivenAgain = false;
    this.#prompts.clear();
  }
}
