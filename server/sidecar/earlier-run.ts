/** What runs before this one left in the log's folder: an end that nobody wrote down, and the words of a crash. */
import { truncateSync } from 'node:fs';
import * as z from 'zod/mini';
import { lastLines } from '../base/last-lines.ts';
import { errorOutput } from '../log/error-output.ts';
import { logSegments } from '../log/log-segments.ts';
import type { LogFiles } from '../log/read-log.ts';
import { LogRecord } from '../protocol/log-record.ts';

/** `lastWords` is empty when there were none. */
export type EarlierRun = { readonly lostRunId: string | undefined; readonly lastWordAt: string; readonly lastWords: string };

const OfRun = z.extend(LogRecord, { runId: z.string() });

export function earlierRun(files: LogFiles): EarlierRun {
  const last = lastRecord(files);
  const isLost = last !== undefined && last.runEnded === undefined;
  return {
    lostRunId: isLost ? last.runId : undefined,
    lastWordAt: last?.time ?? '',
    lastWords: errorOutput(files.errorOutput).text.trim(),
  };
}

/** Its words are in the log now; whoever writes there next appends, and so begins anew. */
export function forgetErrorOutput({ errorOutput }: LogFiles): void {
  truncateSync(errorOutput);
}

/** A record that was cut off ends no run either. */
function lastRecord({ records }: LogFiles): z.infer<typeof OfRun> | undefined {
  for (const { path } of logSegments(records).reverse()) {
    for (const line of lastLines(path, 2).reverse()) {
      const record = parsed(line);
      if (record) return record;
    }
  }
  return undefined;
}

function parsed(line: string): z.infer<typeof OfRun> | undefined {
  try {
    return OfRun.safeParse(JSON.parse(line)).data;
  } catch {
    // What is left of a record.
    return undefined;
  }
}
