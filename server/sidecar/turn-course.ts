/**
 * The course of a session's turns between what the program says and what is told of it: tried again where that helps,
 * ended at their limit, and with an eye on what they did to the files that the host trusts.
 */
import type { Clock } from '../base/clock.ts';
import { within } from '../base/within.ts';
import type { AgentEvent, Failure } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { Prompt } from './adapter.ts';
import { type ProtectedLook, ProtectedWatch } from './protected-watch.ts';
import { ProtocolErrors } from './protocol-errors.ts';
import { TurnDeadline } from './turn-deadline.ts';
import { TurnRetry } from './turn-retry.ts';

export type TurnLimits = {
  readonly clock: Clock;
  readonly random: () => number;
  /** Null: a turn may take as long as it wants. */
  readonly hardTurnMinutes: number | null;
  /** Ends the programs that run: SIGTERM, and SIGKILL when they are still there after `graceMs`. */
  readonly terminate: (graceMs: number) => Promise<void>;
  readonly lookAtProtected: ProtectedLook;
};

type TurnCourseDeps = TurnLimits & {
  readonly give: (prompt: Prompt) => Promise<void>;
  readonly interruptProgram: () => Promise<void>;
  /** Resolves when no turn runs. */
  readonly turnEnded: () => Promise<void>;
  readonly tell: (event: AgentEvent) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

/** How long a turn at its limit may take to end by itself, and then its program to do so. */
const interruptGraceMs = 5_000;
const terminateGraceMs = 10_000;

export class TurnCourse {
  readonly #deps: TurnCourseDeps;
  readonly #retry: TurnRetry;
  readonly #deadline: TurnDeadline;
  readonly #protocolErrors: ProtocolErrors;
  readonly #protected: ProtectedWatch;

  constructor(deps: TurnCourseDeps) {
    const { clock, random, give, log } = deps;
    const tell = (event: AgentEvent) => this.#tell(event);
    this.#deps = deps;
    this.#retry = new TurnRetry({ clock, random, give, tell });
    this.#deadline = new TurnDeadline({ clock, limitMinutes: deps.hardTurnMinutes, onReached: (failure) => void this.#pastLimit(failure) });
    this.#protocolErrors = new ProtocolErrors({ clock, tell });
    const tellChanges = (changes: Extract<AgentEvent, { type: 'protectedChanged' }>['changes']) =>
      tell({ type: 'protectedChanged', changes });
    this.#protected = new ProtectedWatch({ look: deps.lookAtProtected, tell: tellChanges, log });
  }

  prepare(): Promise<void> {
    return this.#protected.turnBegins();
  }

  async prompt(prompt: Prompt): Promise<void> {
    if (this.#retry.isWaiting) throw new AgorError('conflict', 'The agent waits to try its turn again; interrupt it to end that.');
    this.#retry.prompted(prompt);
    await this.#deps.give(prompt);
  }

  /** What the program says; `retriesItself` when trying again is its own affair. */
  heard(event: AgentEvent, { retriesItself }: { readonly retriesItself: boolean }): void {
    if (event.type === 'protocolError') return this.#protocolErrors.add(event);
    const passed = retriesItself ? event : this.#retry.pass(event);
    if (passed) this.#tell(passed);
  }

  async interrupt(): Promise<void> {
    if (!this.#retry.end('interrupted')) await this.#deps.interruptProgram();
  }

  /** The program is gone: what waited for it does not any more. */
  programGone(reason: 'failed' | 'interrupted'): void {
    this.#retry.end(reason);
  }

  #tell(event: AgentEvent): void {
    if (event.type === 'turnStarted') void this.#protected.turnBegins();
    this.#deps.tell(this.#deadline.pass(event));
    if (event.type === 'turnEnded') this.#protected.turnEnded();
  }

  async #pastLimit(failure: Failure): Promise<void> {
    const { log, interruptProgram, turnEnded, terminate } = this.#deps;
    log('a turn is ended at its limit', { why: failure.message });
    if (this.#retry.end('limit', failure)) return;
    interruptProgram().catch((error: unknown) => log('the program did not take the interrupt', { why: String(error) }));
    if (!(await within(turnEnded(), interruptGraceMs))) await terminate(terminateGraceMs);
  }
}
