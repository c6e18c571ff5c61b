/** What a sidecar died of, from the end of its log. Pure. */
import * as z from 'zod/mini';
import type { RunId } from '../protocol/ids.ts';
import { levelNumbers } from '../protocol/log-record.ts';

const maxChars = 500;

const LogRecord = z.object({
  level: z.number(),
  msg: z.optional(z.string()),
  runId: z.optional(z.string()),
  err: z.optional(z.object({ message: z.optional(z.string()) })),
  component: z.optional(z.string()),
  runEnded: z.optional(z.object({ runId: z.string() })),
});
type LogRecord = z.infer<typeof LogRecord>;

/**
 * The last thing that went wrong and how the process ended, in one line. `lines`: the end of the log, oldest first, in
 * which JSON records and what Node itself prints stand mixed, of this run and of those before it.
 */
export function lastError(lines: readonly string[], runId: RunId, exit: string): string {
  const own = lines.slice(lines.findLastIndex((line) => isOfAnother(recordOf(line), runId)) + 1);
  for (const line of own.toReversed()) {
    const said = saidWrong(line, runId);
    if (said !== undefined) return `${said.slice(0, maxChars)} (${exit})`;
  }
  return exit;
}

function saidWrong(line: string, runId: RunId): string | undefined {
  const record = recordOf(line);
  if (!record) return isWorthTelling(line) ? line.trim() : undefined;
  if (record.level < levelNumbers.error || isOfRunBefore(record, runId)) return undefined;
  return [record.msg, record.err?.message].filter(Boolean).join(': ') || undefined;
}

/** Of an error that nobody caught Node prints the place, the stack and its own version around the sentence. */
function isWorthTelling(line: string): boolean {
  return line.trim() !== '' && !/^(\s|\}|Node\.js v\d|node:internal|file:\/\/)/.test(line);
}

/** A run begins its log with how the one before it ended, and with what that said past its log. */
function isOfRunBefore({ component, runEnded }: LogRecord, runId: RunId): boolean {
  return component === 'stderr' || (runEnded !== undefined && runEnded.runId !== runId);
}

function isOfAnother(record: LogRecord | undefined, runId: RunId): boolean {
  return record?.runId !== undefined && record.runId !== runId;
}

function recordOf(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return z.safeParse(LogRecord, JSON.parse(line)).data;
  } catch {
    // Not JSON after all: a line like any other.
    return undefined;
  }
}
