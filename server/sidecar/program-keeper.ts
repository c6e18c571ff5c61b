/**
 * The innermost ring of supervision: remembers how the agent's program ended lately, decides what is done about it, and
 * starts it again when its time has come.
 */
import type { Clock } from '../base/clock.ts';
import { exitWindowMs, nextProgramStep, type ProgramEnd, type ProgramStep } from './program-ends.ts';

type KeeperDeps = {
  readonly clock: Clock;
  /** Brings the program up in its session, unless it runs by then; never rejects. */
  readonly restart: () => void;
};

export class ProgramKeeper {
  readonly #deps: KeeperDeps;
  #crashes: number[] = [];
  #callOff: (() => void) | undefined;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** The step that was decided; a restart is on its way by then. */
  ended(end: ProgramEnd): ProgramStep {
    this.callOff();
    const now = this.#deps.clock.elapsed();
    const step = nextProgramStep(end, this.#crashes, now);
    if (end.because === null) this.#crashes = [...this.#crashes.filter((at) => now - at < exitWindowMs), now];
    if (step.delayMs !== null) this.#callOff = this.#deps.clock.after(step.delayMs, this.#deps.restart);
    return step;
  }

  /** Nothing is started by itself any more, until it ends the next time. */
  callOff(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
