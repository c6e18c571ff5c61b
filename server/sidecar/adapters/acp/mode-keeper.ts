/**
 * Keeps a session in a mode in which its program asks. A program may leave it by itself, and some do so with an answer that a
 * person gave about something else ("yes, and accept edits from now on"): it is put back, and the person is told.
 */
import * as z from 'zod/mini';
import { askingMode, isLenient } from './asking-mode.ts';
import { modeChoice, type SessionChoice } from './session-choice.ts';

export type ModeKeeperDeps = {
  /** Rejects when the program does not take it. */
  readonly set: (mode: string, configId: string | null) => Promise<void>;
  readonly warn: (text: string) => void;
};

const CurrentMode = z.object({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() });
const ConfigOptions = z.object({ sessionUpdate: z.literal('config_option_update'), configOptions: z.array(z.unknown()) });

/** One that leaves it again and again is not fought with. */
const mostPutBack = 3;

export class ModeKeeper {
  readonly #deps: ModeKeeperDeps;
  #choice: SessionChoice;
  #timesLeft = 0;
  #isPuttingBack = false;

  constructor(choice: SessionChoice, deps: ModeKeeperDeps) {
    this.#choice = choice;
    this.#deps = deps;
  }

  /** Each update of the session; most are about something else. */
  heard(update: unknown): void {
    const options = ConfigOptions.safeParse(update);
    const told = options.success ? modeChoice(options.data) : null;
    if (told !== null) this.#choice = { ...told, current: this.#choice.current };
    const mode = told?.current ?? CurrentMode.safeParse(update).data?.currentModeId;
    if (typeof mode === 'string' && mode !== this.#choice.current) this.#changed(mode);
  }

  #changed(mode: string): void {
    const before = this.#choice.current;
    this.#choice = { ...this.#choice, current: mode };
    if (this.#isPuttingBack || !isLenient(mode, this.#choice)) return;
    this.#timesLeft += 1;
    const left = `The agent left its mode "${shown(before ?? '')}" for "${shown(mode)}", in which it does not ask you before it acts.`;
    const asks = askingMode(this.#choice);
    if (asks === null) return this.#deps.warn(`${left} It offers no mode that asks.`);
    if (this.#timesLeft < mostPutBack) return void this.#putBack(asks, left);
    // From here on nothing more is said of it.
    if (this.#timesLeft === mostPutBack)
      this.#deps.warn(`${left} It did so ${mostPutBack} times, and is left there now: stop it if you mind.`);
  }

  async #putBack(asks: string, left: string): Promise<void> {
    this.#isPuttingBack = true;
    try {
      await this.#deps.set(asks, this.#choice.configId);
      this.#choice = { ...this.#choice, current: asks };
      this.#deps.warn(`${left} It was put back to "${shown(asks)}".`);
    } catch (error) {
      this.#deps.warn(`${left} It could not be put back: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#isPuttingBack = false;
    }
  }
}

/** The program's own word. */
function shown(mode: string): string {
  return mode.length > 60 ? `${mode.slice(0, 60)}…` : mode;
}
