/** Decides which changes are worth interrupting a person for: questions that nobody looks at, and agents that failed. */
import type { Agent } from '../server/protocol/agent.ts';
import type { Approval } from '../server/protocol/approval.ts';
import type { FleetState } from './fleet-model.ts';

/** What was already there when the lists were first read is no news: the tree and the status bar show it. */
export function newApprovals(before: FleetState, after: FleetState): Approval[] {
  if (!before.isLoaded || before.approvals === after.approvals) return [];
  const known = new Set(before.approvals.map((approval) => approval.id));
  return after.approvals.filter((approval) => !known.has(approval.id));
}

export function newlyFailedAgents(before: FleetState, after: FleetState): Agent[] {
  if (!before.isLoaded || before.agents === after.agents) return [];
  const earlier = new Map(before.agents.map((agent) => [agent.id, agent.state]));
  return after.agents.filter((agent) => agent.state === 'failed' && earlier.has(agent.id) && earlier.get(agent.id) !== 'failed');
}
