/**
 * Takes in what agents did. Each of the two files keeps how far it got together with what it took, so an event that
 * comes again after a crash is taken once by each.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentStore } from './agent-store.ts';
import type { Approvals } from './approvals.ts';
import type { PromptQueue } from './prompt-queue.ts';
import type { Sessions, Source } from './sessions.ts';

export type IntakeDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly agents: AgentStore;
  readonly approvals: Approvals;
  readonly prompts: PromptQueue;
  readonly sessions: Sessions;
};

export class EventIntake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** Returns the events that were new; all of `events` are on disk then. */
  takeIn(source: Source, events: readonly NumberedEvent[]): readonly NumberedEvent[] {
    this.#audited(source, events);
    let taken: readonly NumberedEvent[] = [];
    this.#deps.sessions.takeIn(source, events, (fresh) => {
      taken = fresh;
      for (const { event } of fresh) {
        if (event.type === 'turnStarted') for (const id of event.promptIds) this.#deps.prompts.markSent(id);
      }
    });
    return taken;
  }

  #audited(source: Source, events: readonly NumberedEvent[]): void {
    const acked = this.#deps.agents.ackedSeq(source.agentId);
    const fresh = events.filter((event) => event.seq > acked && isAudited(event.event));
    const last = fresh.at(-1);
    if (!last) return;
    this.#deps.file.write(() => {
      for (const numbered of fresh) this.#record(source, numbered);
      this.#deps.agents.ack(source.agentId, last.seq);
    });
  }

  #record(source: Source, { event, sessionId, at }: NumberedEvent): void {
    const { approvals, audit } = this.#deps;
    const { agentId } = source;
    if (event.type === 'permissionAsked') {
      approvals.ask({ id: event.approvalId, ...source, sessionId, request: event.request, askedAt: at });
    } else if (event.type === 'permissionWithdrawn') {
      approvals.withdraw(event.approvalId, event.reason, at);
    } else if (event.type === 'turnStarted') {
      const { turnId, promptIds } = event;
      audit.append({ at, event: 'turn_started', agentId, actor: 'agent', detail: { sessionId, turnId, promptIds } });
    } else if (event.type === 'turnEnded') {
      const { turnId, reason } = event;
      audit.append({ at, event: 'turn_ended', agentId, actor: 'agent', detail: { sessionId, turnId, reason } });
      for (const open of approvals.openOf(agentId)) if (open.sessionId === sessionId) approvals.withdraw(open.id, 'the turn ended', at);
    }
  }
}

function isAudited({ type }: AgentEvent): boolean {
  return type === 'permissionAsked' || type === 'permissionWithdrawn' || type === 'turnStarted' || type === 'turnEnded';
}
