/** Counts of a session as `SessionMetrics` has them. Imports nothing, so that a page can have it without the schemas. */
type CallCounts = { readonly toolCallCount: number; readonly gatheringCallCount: number | null };

/** How much of its work was looking around, 0 to 1; null for a session that called no tool, or was not counted so. */
export function contextRatio({ toolCallCount, gatheringCallCount }: CallCounts): number | null {
  return toolCallCount === 0 || gatheringCallCount === null ? null : gatheringCallCount / toolCallCount;
}
