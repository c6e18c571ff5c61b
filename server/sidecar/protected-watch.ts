/**
 * Looks after the files in the project that the host runs or trusts: as they are before a turn, and what has become of
 * them after it. No turn waits for the second, and none begins before the first.
 */
import type { AgentEvent } from '../protocol/agent-event.ts';

export type ProtectedChanges = Extract<AgentEvent, { type: 'protectedChanged' }>['changes'];

/** Takes down how they are now; what it resolves to tells what has changed since. */
export type ProtectedLook = () => Promise<() => Promise<ProtectedChanges>>;

type ProtectedWatchDeps = {
  readonly look: ProtectedLook;
  readonly tell: (changes: ProtectedChanges) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Before = Promise<(() => Promise<ProtectedChanges>) | null>;

export class ProtectedWatch {
  readonly #deps: ProtectedWatchDeps;
  #before: Before | undefined;
  #comparing: Promise<void> = Promise.resolve();

  constructor(deps: ProtectedWatchDeps) {
    this.#deps = deps;
  }

  /** Resolves when they have been taken down, for the turn that begins then. Never rejects. */
  async turnBegins(): Promise<void> {
    // What the turn before has done is not this one's.
    await this.#comparing;
    this.#before ??= this.#deps.look().catch((error: unknown) => this.#failed(error));
    await this.#before;
  }

  turnEnded(): void {
    const before = this.#before;
    if (!before) return;
    this.#before = undefined;
    this.#comparing = this.#compare(before);
  }

  async #compare(before: Before): Promise<void> {
    try {
      const changes = (await (await before)?.()) ?? [];
      if (changes.length > 0) this.#deps.tell(changes);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): null {
    this.#deps.log('the protected files of the project could not be looked at', { why: String(error) });
    return null;
  }
}
