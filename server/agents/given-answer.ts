/** A person's answer, as the sidecar passes it on: what is neither of the two ways to allow it denies. Pure. */
import type { Approval } from '../protocol/approval.ts';
import type { SidecarParams } from '../protocol/sidecar-wire.ts';

export function givenAnswer({ id, state, message = null }: Approval): SidecarParams<'run/answer'> {
  const decision = state === 'allowedOnce' ? 'allowOnce' : state === 'allowedForSession' ? 'allowSession' : 'deny';
  return { approvalId: id, decision, message };
}
