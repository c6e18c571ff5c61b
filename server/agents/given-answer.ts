/** A person's answer, as the sidecar passes it on: what is neither of the two ways to allow it denies. Pure. */
import type { Decision } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import type { SidecarParams } from '../protocol/sidecar-wire.ts';

export function givenAnswer(approval: Approval): SidecarParams<'run/answer'> {
  const { id, message = null, values } = approval;
  return { approvalId: id, decision: decisionOf(approval), message, ...(values && { values }) };
}

/** Nobody has decided against what has expired, so that an agent which knows the difference is told of it. */
function decisionOf({ state, request }: Approval): Decision {
  if (state === 'allowedOnce') return 'allowOnce';
  if (state === 'allowedForSession') return 'allowSession';
  return state === 'cancelled' || (state === 'expired' && request.decisions.includes('cancel')) ? 'cancel' : 'deny';
}
