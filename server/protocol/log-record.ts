/** One record of a log, as it stands in a file on a line of its own. */
import * as z from 'zod/mini';
import { LogLevel } from './requests.ts';

/** What a run was started with; nothing in it is secret. */
export const RunHeader = z.object({
  runId: z.string(),
  agentId: z.string(),
  agent: z.string(),
  project: z.string(),
  provider: z.string(),
  /** Null: as the program itself is set up. */
  model: z.nullable(z.string()),
  folder: z.string(),
  /** Empty: the provider's own program. */
  command: z.array(z.string()),
  startedAt: z.number(),
});
export type RunHeader = z.infer<typeof RunHeader>;

/** `exitCode` and `durationMs` are null for a run that ended without a word, of which only the next one tells. */
export const RunEnd = z.object({ runId: z.string(), exitCode: z.nullable(z.number()), durationMs: z.nullable(z.number()) });
export type RunEnd = z.infer<typeof RunEnd>;

export const LogRecord = z.looseObject({
  level: z.number(),
  /** ISO 8601, UTC. */
  time: z.string(),
  msg: z.optional(z.string()),
  /** Which part of the program speaks. */
  component: z.optional(z.string()),
  err: z.optional(z.looseObject({ message: z.string() })),
  runBegan: z.optional(RunHeader),
  runEnded: z.optional(RunEnd),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** The numbers that stand for the levels in records. */
export const levelNumbers: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

/** A number in between belongs to the level below it. */
export function levelName(number: number): LogLevel {
  return LogLevel.options.findLast((level) => levelNumbers[level] <= number) ?? 'trace';
}
