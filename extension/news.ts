/** Decides which changes are worth interrupting a person for: questions that nobody looks at. */
import type { Approval } from '../server/protocol/approval.ts';
import type { FleetState } from './fleet-model.ts';

/** What was already there when the lists were first read is no news: the tree and the status bar show it. */
export function newApprovals(before: FleetState, after: FleetState): Approval[] {
  if (!before.isLoaded || before.approvals === after.approvals) return [];
  const known = new Set(before.approvals.map((approval) => approval.id));
  return after.approvals.filter((approval) => !known.has(approval.id));
}
