/** When a lost backend is started again: after 1, 2 and 4 s, at most three times in five minutes, then a person decides. */

const restartDelaysMs = [1_000, 2_000, 4_000] as const;
export const restartWindowMs = 5 * 60_000;

export type RestartDecision = { readonly kind: 'restart'; readonly delayMs: number } | { readonly kind: 'giveUp' };

/** `restartedAt` holds the times of earlier restarts; those that are older than the window no longer count. */
export function decideRestart(restartedAt: readonly number[], nowMs: number): RestartDecision {
  const delayMs = restartDelaysMs[recentRestarts(restartedAt, nowMs).length];
  return delayMs === undefined ? { kind: 'giveUp' } : { kind: 'restart', delayMs };
}

export function recentRestarts(restartedAt: readonly number[], nowMs: number): number[] {
  return restartedAt.filter((at) => nowMs - at < restartWindowMs);
}
