/** An agent in the middle of a turn, which asks for permission. */
import type { PermissionRequest } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { AgentId, ApprovalId, SessionId } from '../../server/protocol/ids.ts';
import type { AgentsWorld } from './agents-world.ts';
import { hashOf } from './test-stores.ts';
import { ids, permissionRequest, turnStarted } from './transcripts.ts';
import { settled } from './worker-world.ts';

export type Asker = { readonly id: AgentId; readonly sessionId: SessionId };

export async function beginTurn(world: AgentsWorld, agent: AgentId): Promise<SessionId> {
  const { promptId, sessionId } = world.feature.agents.prompt({ agent, text: 'go' });
  await settled();
  world.does(agent, sessionId, turnStarted(ids.turn(), promptId));
  world.asked.length = 0;
  return sessionId;
}

export function askFor(world: AgentsWorld, { id, sessionId }: Asker, changed: Partial<PermissionRequest>): ApprovalId {
  const approvalId = ids.approval();
  world.does(id, sessionId, { type: 'permissionAsked', approvalId, toolItemId: null, request: { ...permissionRequest, ...changed } });
  return approvalId;
}

export function requestHash(changed: Partial<PermissionRequest>): string {
  return hashOf({ ...permissionRequest, ...changed });
}

/** Of the last item, where that is a question. */
export function shownStateIn(world: AgentsWorld, sessionId: SessionId): Approval['state'] | undefined {
  const item = world.feature.sessions.page(sessionId, undefined, 10).items.at(-1);
  return item?.kind === 'permission' ? item.state : undefined;
}
