/** At the beginning of a session: chooses a mode in which the program asks, where it offers one. */
import { AgorError } from '../../../protocol/errors.ts';
import { askingMode, isLenient } from './asking-mode.ts';
import { failureOf } from './outcome.ts';
import type { SessionChoice } from './session-choice.ts';

export type ChosenMode = {
  /** As it is now; null for a program without modes. */
  readonly choice: SessionChoice | null;
  /** False where it is known not to ask; true and unknown are one. */
  readonly mayAsk: boolean;
  readonly warnings: readonly string[];
};

type SetMode = (mode: string, configId: string | null) => Promise<unknown>;

export async function chooseMode(choice: SessionChoice | null, set: SetMode): Promise<ChosenMode> {
  const current = choice?.current ?? null;
  if (choice === null || current === null || !isLenient(current, choice)) return { choice, mayAsk: true, warnings: [] };
  const doesNotAsk = `The agent begins in its mode "${current}", in which it does not ask you before it acts`;
  const asks = askingMode(choice);
  if (asks === null) return { choice, mayAsk: false, warnings: [`${doesNotAsk}, and it offers no mode that asks.`] };
  try {
    await set(asks, choice.configId);
    return { choice: { ...choice, current: asks }, mayAsk: true, warnings: [] };
  } catch (error) {
    // The program is gone or deaf, which is told as that.
    if (error instanceof AgorError) throw error;
    const warnings = [`${doesNotAsk}. It did not take the mode "${asks}": ${failureOf(error).message}`];
    return { choice, mayAsk: false, warnings };
  }
}

export function modeRequest(sessionId: string, mode: string, configId: string | null): [string, unknown] {
  if (configId === null) return ['session/set_mode', { sessionId, modeId: mode }];
  return ['session/set_config_option', { sessionId, configId, value: mode }];
}
