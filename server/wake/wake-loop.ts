/** Whether a manager is woken for the same reason again and again. Pure. */
import type { Wake } from '../protocol/wake.ts';

/** Three times is enough to see that nothing comes of it; a fourth costs as much and tells no more. */
export const repeatedWakes = 3;

/** `earlier`: the newest first. `freshFrom`: a person let it be woken again then, so what was before does not count. */
export function repeatsItself(wake: Wake, earlier: readonly Wake[], freshFrom: number | null): boolean {
  const last = earlier.slice(0, repeatedWakes);
  const isRepeated = (before: Wake) =>
    before.cause !== 'person' && before.decidedAt > (freshFrom ?? Number.NEGATIVE_INFINITY) && reasonsOf(before) === reasonsOf(wake);
  return last.length === repeatedWakes && last.every(isRepeated);
}

export function reasonsOf({ signals }: Pick<Wake, 'signals'>): string {
  return signals
    .map(({ name }) => name)
    .toSorted()
    .join(', ');
}
