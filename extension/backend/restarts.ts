/** Remembers the restarts of this window's backend and waits between them; a person may cut the wait short. */
import { decideRestart, type RestartDecision, recentRestarts } from './restart-policy.ts';

export class Restarts {
  #restartedAt: number[] = [];
  #wake: (() => void) | undefined;

  /** Counts the restart it grants. */
  next(nowMs: number): RestartDecision {
    const decision = decideRestart(this.#restartedAt, nowMs);
    if (decision.kind === 'restart') this.#restartedAt = [...recentRestarts(this.#restartedAt, nowMs), nowMs];
    return decision;
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  waitForPerson(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Forgets what was counted and ends the wait, if there is one. */
  forgive(): void {
    this.#restartedAt = [];
    this.#wake?.();
    this.#wake = undefined;
  }
}
