/** A record of the log without secrets, and still a record: each of its texts is looked through by itself. */
import type { SecretFilter } from '../leaks/secret-filter.ts';
import { LogRecord } from '../protocol/log-record.ts';

const splitOver = 'A record was left out: a secret is split over its fields.';

/** `line`: JSON with its line end. */
export function filteredRecord(filter: SecretFilter, line: string): string {
  if (filter.holds(line) === undefined) return line;
  const record = LogRecord.parse(JSON.parse(line));
  const clean = `${JSON.stringify(filter.value(record, 'log'))}\n`;
  if (filter.holds(clean) === undefined) return clean;
  const { level, time, component, agentId, runId, sessionId, projectId } = record;
  return `${JSON.stringify({ level, time, component, agentId, runId, sessionId, projectId, msg: splitOver })}\n`;
}
