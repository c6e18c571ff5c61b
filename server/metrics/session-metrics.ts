/**
 * One row for each session, put when a turn of it ends: completed, crashed or stopped. A session that goes on afterwards is
 * measured anew when that turn ends, in its row. All happens in the transaction that keeps the turn's end, so that an event
 * that comes again and a backend that is killed in between neither miss nor double a row.
 */
import type { Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { ProjectId, SessionId } from '../protocol/ids.ts';
import { keptSessionMetrics, type SessionMetrics as Row, type SessionStatus } from '../protocol/metrics.ts';
import type { Session } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';

type TurnEnd = { readonly reason: TurnEndReason; readonly failure: Failure | null; readonly at: number };

export type MeasuredCourse = {
  readonly session: Session;
  readonly peakTokens: number | null;
  readonly counts: () => { readonly toolCalls: number; readonly gatheringCalls: number; readonly hookFailures: number };
  readonly end: TurnEnd | undefined;
};

const errorChars = 1_000;

export class SessionMetrics {
  readonly #put;
  readonly #prune;
  readonly #raisePeak;
  readonly #peak;
  readonly #history;

  constructor(db: Database) {
    this.#put = db.prepare<[Omit<Row, 'id'>]>(putSql);
    this.#prune = db.prepare<[{ projectId: ProjectId; kept: number }]>(
      `delete from session_metrics where id in (
         select id from session_metrics where project_id = :projectId order by end_time desc, id desc limit -1 offset :kept)`,
    );
    this.#raisePeak = db.prepare<[{ sessionId: SessionId; tokens: number }]>(
      `insert into session_peaks (session_id, peak_tokens) values (:sessionId, :tokens)
       on conflict (session_id) do update set peak_tokens = excluded.peak_tokens where excluded.peak_tokens > peak_tokens`,
    );
    this.#peak = db.prepare<[SessionId], number>('select peak_tokens from session_peaks where session_id = ?').pluck();
    this.#history = db.prepare<[{ projectId: ProjectId; limit: number }], Row>(historySql);
  }

  /** Within the transaction that keeps the session. */
  measure({ session, peakTokens, counts, end }: MeasuredCourse): void {
    const { id: sessionId, projectId, createdAt, turnCount, usage, model } = session;
    if (peakTokens !== null) this.#raisePeak.run({ sessionId, tokens: Math.round(peakTokens) });
    if (!end) return;
    const { toolCalls, gatheringCalls, hookFailures } = counts();
    this.#put.run({
      ...{ projectId, sessionId, startTime: createdAt, endTime: end.at, turnCount, model },
      peakTokens: this.#peak.get(sessionId) ?? null,
      ...{ toolCallCount: toolCalls, gatheringCallCount: gatheringCalls, hookFailureCount: hookFailures },
      endReason: end.reason,
      costUsd: usage?.costUsd ?? null,
      ...outcomeOf(end),
    });
    this.#prune.run({ projectId, kept: keptSessionMetrics });
  }

  /** Those that ended last first. */
  history(projectId: ProjectId, limit: number): Row[] {
    return this.#history.all({ projectId, limit });
  }
}

type Outcome = { readonly status: SessionStatus; readonly errorMessage: string | null };

export function outcomeOf({ reason, failure }: Pick<TurnEnd, 'reason' | 'failure'>): Outcome {
  if (reason === 'completed') return { status: 'success', errorMessage: null };
  if (reason === 'interrupted') return { status: 'stopped', errorMessage: null };
  const message = failure?.message ?? unexplained[reason];
  return { status: 'error', errorMessage: message.slice(0, errorChars) };
}

const unexplained: Record<Exclude<TurnEndReason, 'completed' | 'interrupted'>, string> = {
  refused: 'The model would not go on.',
  limit: 'A limit of the agent on turns, tokens or cost was reached.',
  failed: 'The turn failed.',
  crashed: 'The agent crashed in the middle of the turn.',
};

const putSql = `
  insert into session_metrics (project_id, session_id, start_time, end_time, peak_tokens, turn_count, tool_call_count, cost_usd, model,
    status, error_message, gathering_call_count, hook_failure_count, end_reason)
  values (:projectId, :sessionId, :startTime, :endTime, :peakTokens, :turnCount, :toolCallCount, :costUsd, :model, :status, :errorMessage,
    :gatheringCallCount, :hookFailureCount, :endReason)
  on conflict (session_id) do update set start_time = excluded.start_time, end_time = excluded.end_time,
    peak_tokens = excluded.peak_tokens, turn_count = excluded.turn_count, tool_call_count = excluded.tool_call_count,
    cost_usd = excluded.cost_usd, model = excluded.model, status = excluded.status, error_message = excluded.error_message,
    gathering_call_count = excluded.gathering_call_count, hook_failure_count = excluded.hook_failure_count,
    end_reason = excluded.end_reason`;

const historySql = `
  select id, project_id as projectId, session_id as sessionId, start_time as startTime, end_time as endTime, peak_tokens as peakTokens,
    turn_count as turnCount, tool_call_count as toolCallCount, cost_usd as costUsd, model, status, error_message as errorMessage,
    gathering_call_count as gatheringCallCount, hook_failure_count as hookFailureCount, end_reason as endReason
  from session_metrics where project_id = :projectId order by end_time desc, id desc limit :limit`;
