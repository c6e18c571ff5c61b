/** Waits for an answer of a program that may also end, or never say anything. */
import { within } from '../../../base/within.ts';
import type { Program, ProgramExit } from '../../program.ts';

export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'exited'; readonly exit: ProgramExit }
  | { readonly kind: 'timedOut' };

/** Rejects as `answer` does, unless the program has ended: then that is why. */
export async function answerInTime<T>(answer: Promise<T>, program: Program, timeoutMs: number): Promise<Answer<T>> {
  const exited = program.exited.then((exit): Answer<T> => ({ kind: 'exited', exit }));
  const answered = answer.then((value): Answer<T> => ({ kind: 'answered', value }));
  const first = Promise.race([exited, answered]);
  return (await within(first, timeoutMs)) ? first : { kind: 'timedOut' };
}
