/** A sender: makes one call after the other, and goes on with the next backend when one is killed under it. */

import type { Ledger } from './ledger.ts';
import { attachClient, playSidecar, StageVoice } from './live.ts';
import type { Random } from './random.ts';
import { ConnectionGone } from './raw-client.ts';
import { Stage, type StageFacts } from './stage.ts';
import type { Attempt } from './verb.ts';
import { verbs } from './verbs.ts';

export type SenderWorld = {
  readonly dataDir: string;
  readonly dist: string;
  readonly facts: StageFacts;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Before each call; without it, one call follows the other at once. */
  readonly pause?: () => Promise<void>;
};

export type SenderKind = { readonly name: string; readonly verbs: readonly string[]; readonly playsSidecar: boolean };

export class SenderLoop {
  readonly #world: SenderWorld;
  readonly #kind: SenderKind;
  readonly #stage: Stage;
  #voice: StageVoice | undefined;
  /** Its answer was lost, and it may be asked again. */
  #again: Attempt | undefined;
  #n = 0;

  constructor(world: SenderWorld, kind: SenderKind) {
    this.#world = world;
    this.#kind = kind;
    this.#stage = new Stage(world.facts);
  }

  async attach(): Promise<void> {
    this.detach();
    const { dataDir, facts } = this.#world;
    const told = this.#kind.playsSidecar ? { stage: this.#stage, sidecar: await playSidecar(dataDir, facts) } : undefined;
    this.#voice = new StageVoice(await attachClient(this.#world), told);
  }

  detach(): void {
    this.#voice?.close();
    this.#voice = undefined;
  }

  /** Resolves when the backend is gone or `signal` ends it, with what was refused although nothing was wrong. */
  async runUntilCut(signal?: AbortSignal): Promise<string[]> {
    const refusals: string[] = [];
    while (!signal?.aborted) {
      await this.#world.pause?.();
      const attempt = this.#take();
      try {
        if (this.#voice) this.#world.ledger.ack(attempt.entry, await attempt.perform(this.#voice));
      } catch (error) {
        if (error instanceof ConnectionGone) {
          if (verbs.get(attempt.entry.verb)?.mayRepeat) this.#again = attempt;
          return refusals;
        }
        refusals.push(`${attempt.entry.verb}: ${error}`);
      }
    }
    return refusals;
  }

  #take(): Attempt {
    const again = this.#again;
    this.#again = undefined;
    if (again) this.#world.ledger.repeat(again.entry);
    return again ?? this.#next();
  }

  #next(): Attempt {
    const { random, ledger } = this.#world;
    const verb = verbs.get(random.pick(this.#kind.verbs));
    if (!verb) throw new Error(`the table of verbs has none of ${this.#kind.verbs}`);
    this.#n += 1;
    const attempt = verb.attempt(this.#stage, { name: this.#kind.name, n: this.#n }, random);
    ledger.intend(attempt.entry);
    return attempt;
  }
}
