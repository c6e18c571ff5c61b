/** What the audit log says about events of an agent. Pure. */
import type { AuditEntry } from '../audit/audit-log.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId } from '../protocol/ids.ts';

const audited: ReadonlySet<AgentEvent['type']> = new Set([
  'permissionAsked',
  'permissionWithdrawn',
  'turnStarted',
  'promptJoined',
  'turnEnded',
  'usage',
  'fenced',
  'programEnded',
  'protocolError',
  'protectedChanged',
  'hookFailed',
  'secretWithheld',
  'mailGiven',
  'mailSeen',
  'messageQueued',
]);

export function isAudited({ type }: AgentEvent): boolean {
  return audited.has(type);
}

/** Undefined for those that leave no row, or whose row the approvals write. */
export function auditOf(agentId: AgentId, numbered: NumberedEvent): AuditEntry | undefined {
  const { at, sessionId } = numbered;
  const told = tellingOf(numbered);
  return told && { at, agentId, event: told.event, actor: told.actor, detail: { sessionId, ...told.detail } };
}

function tellingOf({ event, sessionId, at }: NumberedEvent): Pick<AuditEntry, 'event' | 'actor' | 'detail'> | undefined {
  const { type: _, ...detail } = event;
  switch (event.type) {
    case 'turnStarted':
      return { event: 'turn_started', actor: 'agent', detail };
    case 'promptJoined':
      return { event: 'prompt_joined', actor: 'agent', detail };
    case 'turnEnded':
      return { event: 'turn_ended', actor: 'agent', detail: { turnId: event.turnId, reason: event.reason } };
    case 'fenced':
      return { event: 'sandbox_state', actor: 'sidecar', detail };
    case 'programEnded':
      return {
        event: 'program_restart_decided',
        actor: 'sidecar',
        detail: { id: `provider-restart-decision-${sessionId}-${at}`, ...detail },
      };
    case 'protocolError':
      return { event: 'protocol_error', actor: 'agent', detail };
    case 'protectedChanged':
      return { event: 'protected_file_changed', actor: 'agent', detail };
    case 'hookFailed':
      return { event: 'hook_failed', actor: 'agent', detail };
    case 'secretWithheld':
      return { event: 'secret_withheld', actor: 'sidecar', detail };
    default:
      return undefined;
  }
}
