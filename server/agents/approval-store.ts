/** The rows of `approvals`, and beside them those of `approval_terms` and `approval_values`. */
import * as z from 'zod/mini';
import { PermissionRequest } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { FormValues } from '../protocol/form.ts';
import type { AgentId, ApprovalId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { kindOf } from './request-kind.ts';

type ApprovalRow = Omit<Approval, 'request' | 'kind' | 'kindLabel' | 'values'> & {
  readonly request: string;
  readonly filled: string | null;
};

const columns = `id, agent_id as agentId, project_id as projectId, session_id as sessionId, request, hash, state,
  asked_at as askedAt, answered_at as answeredAt, answered_by as answeredBy, message, expires_at as expiresAt, rule_id as rule,
  asked_because as askedBecause, filled`;
const source =
  'approvals left join approval_terms on approval_terms.approval_id = id left join approval_values on approval_values.approval_id = id';

/** More than an agent ever has open at once. */
const redeliveredAnswers = 50;

export class ApprovalStore {
  readonly #put;
  readonly #putTerms;
  readonly #putValues;
  readonly #one;
  readonly #open;
  readonly #newest;
  readonly #answered;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into approvals (id, agent_id, project_id, session_id, request, hash, state, asked_at, answered_at, answered_by, message, row_hash)
       values (:id, :agentId, :projectId, :sessionId, :request, :hash, :state, :askedAt, :answeredAt, :answeredBy, :message, :rowHash)
       on conflict (id) do update set state = excluded.state, answered_at = excluded.answered_at, answered_by = excluded.answered_by, message = excluded.message,
         row_hash = excluded.row_hash`,
    );
    this.#putTerms = db.prepare(
      `insert into approval_terms (approval_id, expires_at, rule_id, asked_because, row_hash) values (?, ?, ?, ?, ?)
       on conflict (approval_id) do update set expires_at = excluded.expires_at, rule_id = excluded.rule_id,
         asked_because = excluded.asked_because, row_hash = excluded.row_hash`,
    );
    this.#putValues = db.prepare(
      `insert into approval_values (approval_id, filled, row_hash) values (?, ?, ?)
       on conflict (approval_id) do update set filled = excluded.filled, row_hash = excluded.row_hash`,
    );
    this.#one = db.prepare<[string], ApprovalRow>(`select ${columns} from ${source} where id = ?`);
    this.#open = db.prepare<[], ApprovalRow>(`select ${columns} from ${source} where state = 'open' order by asked_at, id`);
    this.#newest = db.prepare<[number], ApprovalRow>(`select ${columns} from ${source} order by asked_at desc, id desc limit ?`);
    this.#answered = db.prepare<[string, number, number], ApprovalRow>(
      `select ${columns} from ${source} where agent_id = ? and asked_at >= ? and state in ('allowedOnce', 'allowedForSession', 'denied', 'expired', 'cancelled')
       order by answered_at desc limit ?`,
    );
  }

  put(approval: Approval): void {
    const { id, agentId, projectId, sessionId, hash, state, askedAt, answeredAt, answeredBy, message = null } = approval;
    const request = JSON.stringify(approval.request);
    const row = { id, agentId, projectId, sessionId, request, hash, state, askedAt, answeredAt, answeredBy, message };
    this.#put.run({ ...row, rowHash: rowHash(Object.values(row)) });
    const terms = [id, approval.expiresAt, approval.rule, approval.askedBecause];
    this.#putTerms.run(...terms, rowHash(terms));
    if (approval.values === undefined) return;
    const filled = [id, JSON.stringify(approval.values)];
    this.#putValues.run(...filled, rowHash(filled));
  }

  get(id: ApprovalId): Approval | undefined {
    const row = this.#one.get(id);
    return row && fromRow(row)[0];
  }

  open(): Approval[] {
    return this.#open.all().flatMap(fromRow);
  }

  /** The latest of them, which are all that can still be waited for. */
  answeredSince(agentId: AgentId, at: number): Approval[] {
    return this.#answered.all(agentId, at, redeliveredAnswers).flatMap(fromRow);
  }

  newest(limit: number): Approval[] {
    return this.#newest.all(limit).flatMap(fromRow);
  }
}

/** Nothing for a row that the disk gave back damaged: a question that cannot be shown cannot be answered either. */
function fromRow({ filled, ...row }: ApprovalRow): Approval[] {
  try {
    const request = z.parse(PermissionRequest, JSON.parse(row.request));
    const values = filled === null ? {} : { values: z.parse(FormValues, JSON.parse(filled)) };
    return [{ ...row, request, ...kindOf(request), ...values }];
  } catch {
    return [];
  }
}
