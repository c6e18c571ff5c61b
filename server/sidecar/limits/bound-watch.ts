/** Looks at a running program once a second, tells of what its bounds cost it, and ends it when it goes past them. */
import type { Clock } from '../../base/clock.ts';
import type { ResourceLimits } from '../../protocol/supervision.ts';
import { type Bound, endedBy, judge, nothingSeen, type Seen, type Usage } from './bound-judgement.ts';

/** What knows of a program's use, and can end all of it. */
export type Keeper = {
  look(): Usage | Promise<Usage>;
  kill(): Promise<unknown>;
  /** Ends what is left once the program is gone, and tells what it was like at the end. */
  end(): Promise<Usage>;
};

type BoundWatchDeps = {
  readonly clock: Clock;
  readonly keepers: readonly Keeper[];
  readonly limits: ResourceLimits;
  /** The program goes on, but something of it did not get what it wanted. */
  readonly onTold: (bound: Bound) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export const lookEveryMs = 1_000;

export class BoundWatch {
  readonly #deps: BoundWatchDeps;
  #seen: Seen = nothingSeen;
  #over: Bound | null = null;
  #isOver = false;
  #callOff: (() => void) | undefined;

  constructor(deps: BoundWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    void this.#look();
  }

  /** The program is gone. Resolves when nothing is left of it, with the bound that ended it. */
  async end(exit: { readonly code: number | null; readonly signal: string | null }): Promise<Bound | null> {
    this.#isOver = true;
    this.#callOff?.();
    const last = together(await Promise.all(this.#deps.keepers.map((keeper) => keeper.end())));
    return this.#over ?? endedBy(this.#seen, last, exit);
  }

  /** A look that fails is one look less; the next one comes. */
  async #look(): Promise<void> {
    const { clock, keepers, log } = this.#deps;
    try {
      const usages = await Promise.all(keepers.map((keeper) => keeper.look()));
      if (!this.#isOver) await this.#judge(together(usages));
    } catch (error) {
      log('the use of the program could not be looked at', { why: String(error) });
    }
    if (!this.#isOver) this.#callOff = clock.after(lookEveryMs, () => void this.#look());
  }

  async #judge(usage: Usage): Promise<void> {
    const { keepers, limits, onTold } = this.#deps;
    const { seen, over, told } = judge(this.#seen, usage, limits);
    this.#seen = seen;
    if (over !== null) {
      this.#over = over;
      await Promise.all(keepers.map((keeper) => keeper.kill()));
    } else if (told !== null) onTold(told);
  }
}

function together(usages: readonly Usage[]): Usage {
  return Object.assign({}, ...usages);
}
