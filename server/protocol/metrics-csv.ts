/** Measured sessions as a table for a spreadsheet. What agents wrote is text in it, and never becomes a formula. */
import { contextRatio } from './context-ratio.ts';
import type { MeasuredSession } from './metrics.ts';

const heading = [
  'session_id',
  'agent',
  'title',
  'start_time',
  'end_time',
  'duration_s',
  'status',
  'turn_count',
  'tool_call_count',
  'peak_tokens',
  'cost_usd',
  'model',
  'error_message',
  'gathering_call_count',
  'context_ratio',
  'hook_failure_count',
  'end_reason',
] as const;

export function metricsCsv(sessions: readonly MeasuredSession[]): string {
  return [heading.join(','), ...sessions.map(rowOf)].map((line) => `${line}\r\n`).join('');
}

function rowOf(session: MeasuredSession): string {
  const { sessionId, agentName, title, startTime, endTime, status, turnCount, toolCallCount, peakTokens, costUsd, model, errorMessage } =
    session;
  const times = [new Date(startTime).toISOString(), new Date(endTime).toISOString(), (endTime - startTime) / 1_000];
  const ratio = contextRatio(session);
  const insights = [session.gatheringCallCount, ratio && Number(ratio.toFixed(3)), session.hookFailureCount, session.endReason];
  const cells = [sessionId, agentName, title, ...times, status, turnCount, toolCallCount, peakTokens, costUsd, model, errorMessage];
  return [...cells, ...insights].map(csvCell).join(',');
}

/** A spreadsheet takes a cell that begins so for a formula, even behind blanks; the quote before it makes it text. */
const formula = /^[\s\0]*[=+\-@]|^[\t\r\n]/;

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
