/** Waits for an answer of a program that may also end, or never say anything. */
import type { Program, ProgramExit } from '../../program.ts';

export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'exited'; readonly exit: ProgramExit }
  | { readonly kind: 'timedOut' };

/** Rejects as `answer` does, unless the program has ended: then that is why. */
export async function answerInTime<T>(answer: Promise<T>, program: Program, timeoutMs: number): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timedOut' }), timeoutMs);
  });
  const exited = program.exited.then((exit): Answer<T> => ({ kind: 'exited', exit }));
  const answered = answer.then((value): Answer<T> => ({ kind: 'answered', value }));
  try {
    return await Promise.race([exited, answered, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
