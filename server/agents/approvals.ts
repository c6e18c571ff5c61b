/** Questions of agents that wait for a person. Each is answered once, about exactly what was shown, and audited. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import type { Decision, PermissionRequest } from '../protocol/agent-event.ts';
import { type Approval, type ApprovalState, isWithoutPerson } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { FormValues } from '../protocol/form.ts';
import type { AgentId, ApprovalId, RuleId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import { ApprovalStore } from './approval-store.ts';
import { valuesFor } from './form-answer.ts';
import { kindOf } from './request-kind.ts';

export type ApprovalsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly now: () => number;
  readonly hashOf: (request: PermissionRequest) => string;
};

export type Asked = Pick<Approval, 'id' | 'agentId' | 'projectId' | 'sessionId' | 'request' | 'askedAt'> &
  Partial<Pick<Approval, 'expiresAt' | 'askedBecause'>>;
export type Answer = {
  readonly decision: Decision;
  readonly hash?: string | undefined;
  readonly message?: string | null;
  readonly values?: FormValues | undefined;
  readonly actor: string;
  /** That answers, or is made with the answer. */
  readonly rule?: RuleId | null;
};
type Told = 'approval_asked' | 'approval_answered' | 'approval_withdrawn' | 'approval_expired';

const stateOf = { allowOnce: 'allowedOnce', allowSession: 'allowedForSession', deny: 'denied', cancel: 'cancelled' } as const;

export class Approvals {
  readonly changed = new Emitter<Approval>();
  readonly #deps: ApprovalsDeps;
  readonly #store: ApprovalStore;
  /** Read for every view of an agent, so kept; undefined when it must be read again. */
  #open: Approval[] | undefined;

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps;
    this.#store = new ApprovalStore(deps.file.db);
  }

  /** First in, first out. */
  open(): Approval[] {
    const open = this.#open ?? this.#store.open();
    // What an open transaction shows may still be taken back.
    if (!this.#deps.file.db.inTransaction) this.#open = open;
    return open;
  }

  all(limit: number): Approval[] {
    return this.#store.newest(limit);
  }

  /** Those of the agent that a person has answered, asked since `at`. */
  answeredSince(agentId: AgentId, at: number): Approval[] {
    return this.#store.answeredSince(agentId, at);
  }

  openOf(agentId: AgentId): Approval[] {
    return this.open().filter((approval) => approval.agentId === agentId);
  }

  /** Undefined for one that nobody has asked, or that the disk gave back damaged. */
  get(id: ApprovalId): Approval | undefined {
    return this.#store.get(id);
  }

  /** Undefined for one that a person answers. */
  answeredWithoutPerson(id: ApprovalId): Approval | undefined {
    const approval = this.#store.get(id);
    return isWithoutPerson(approval?.answeredBy ?? null) ? approval : undefined;
  }

  /** Undefined when it was asked before: under the same id it is the same question, whatever it says now. */
  ask(asked: Asked): Approval | undefined {
    if (this.#store.get(asked.id)) return undefined;
    const hash = this.#deps.hashOf(asked.request);
    const unanswered = { state: 'open', answeredAt: null, answeredBy: null, rule: null } as const;
    const approval: Approval = { expiresAt: null, askedBecause: null, ...asked, ...kindOf(asked.request), hash, ...unanswered };
    this.#save(approval, 'approval_asked', 'agent', asked.askedAt);
    return approval;
  }

  /** Open questions are given up then; null: they wait for as long as their agents do. */
  limit(expiresAt: number | null): void {
    this.#deps.file.write(() => {
      for (const approval of this.#store.open()) this.#store.put({ ...approval, expiresAt });
    });
    this.#open = undefined;
    for (const approval of this.#store.open()) this.changed.emit(approval);
  }

  /** Nobody answered in time; undefined when it was settled before. */
  expire(id: ApprovalId, message: string): Approval | undefined {
    const approval = this.#store.get(id);
    if (approval?.state !== 'open') return undefined;
    const at = this.#deps.now();
    const expired: Approval = { ...approval, state: 'expired', answeredAt: at, answeredBy: 'backend', message };
    this.#save(expired, 'approval_expired', 'backend', at);
    return expired;
  }

  /** What it withdrew; undefined when it was settled before. */
  withdraw(id: ApprovalId, reason: string, at: number): Approval | undefined {
    const approval = this.#store.get(id);
    if (approval?.state !== 'open') return undefined;
    const withdrawn: Approval = { ...approval, state: 'withdrawn', answeredAt: at, answeredBy: reason };
    this.#save(withdrawn, 'approval_withdrawn', 'agent', at);
    return withdrawn;
  }

  /** Throws `conflict` when it was answered or withdrawn before, and `refused` when something else was shown. */
  answer(reference: string, answer: Answer): Approval {
    const approval = this.find(reference);
    if (approval.state !== 'open') throw new AgorError('conflict', alreadySettled(approval));
    if (answer.hash !== undefined && answer.hash !== approval.hash) {
      throw new AgorError('refused', 'The question is not the one that was shown. Look at it again, then answer.');
    }
    if (!approval.request.decisions.includes(answer.decision)) {
      throw new AgorError(
        'badRequest',
        `The agent does not offer "${answer.decision}" here; it offers ${approval.request.decisions.join(', ')}.`,
      );
    }
    const values = valuesFor(approval.request, answer);
    const answeredAt = this.#deps.now();
    const answered = {
      ...approval,
      state: stateOf[answer.decision],
      answeredAt,
      answeredBy: answer.actor,
      message: answer.message ?? null,
      rule: answer.rule ?? null,
      ...(values && { values }),
    };
    this.#save(answered, 'approval_answered', answer.actor, answeredAt);
    return answered;
  }

  /** An answer that came too late: the agent no longer waited, so nothing was allowed. */
  takeBack(approval: Approval): Approval {
    const at = this.#deps.now();
    const withdrawn: Approval = { ...approval, state: 'withdrawn', answeredAt: at, answeredBy: 'the agent went on before the answer' };
    this.#save(withdrawn, 'approval_withdrawn', 'backend', at);
    return withdrawn;
  }

  /** Also one that was settled before. */
  find(reference: string): Approval {
    const open = this.open();
    const known = open.some(({ id }) => id.startsWith(reference) || id.endsWith(reference)) ? open : this.#store.newest(1000);
    return resolveReference('approval', reference, known);
  }

  #save(approval: Approval, event: Told, actor: string, at: number): void {
    const { id, agentId, sessionId, state, hash, request, rule, askedBecause, values } = approval;
    // What was filled in may be private, and this log keeps it for good.
    const told = { ...(rule && { rule }), ...(askedBecause && { askedBecause }), ...(values && { filled: Object.keys(values) }) };
    const detail = { approvalId: id, sessionId, state, hash, title: request.title, toolName: request.toolName, ...told };
    this.#open = undefined;
    this.#deps.file.write(() => {
      this.#store.put(approval);
      this.#deps.audit.append({ at, event, agentId, actor, detail });
    });
    // A transaction of the caller may still be open, and may fail: told when it is over, and as it then stands on disk.
    queueMicrotask(() => {
      const kept = this.#deps.file.db.open ? this.#store.get(id) : undefined;
      if (kept) this.changed.emit(kept);
    });
  }
}

function alreadySettled(approval: Approval): string {
  const words: Record<Exclude<ApprovalState, 'open'>, string> = {
    allowedOnce: 'was already allowed',
    allowedForSession: 'was already allowed for the session',
    denied: 'was already denied',
    withdrawn: 'is no longer asked: the agent went on without it',
    expired: 'was already denied, because nobody answered within the time limit',
    cancelled: 'was already cancelled',
  };
  const said = approval.state === 'open' ? '' : `${words[approval.state]}${bySomething(approval.answeredBy)}`;
  return `"${approval.request.title}" ${said}. Nothing was changed.`;
}

/** Where no person answered, that is said. */
function bySomething(answeredBy: string | null): string {
  if (answeredBy?.startsWith('rule:')) return ' by a rule';
  return answeredBy?.startsWith('mode:') ? ` by the agent's mode` : '';
}
