/** The sidecar's log: one JSON line a record on its error output, which is its log file, with agent, run and build in each. */
import pino, { type Logger } from 'pino';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import type { RunRecord } from '../protocol/run-record.ts';

/** Written at once, so that the last words of a process that dies are in the file. */
export function createSidecarLog(record: Pick<RunRecord, 'agentId' | 'runId' | 'logLevel'>, build: BuildInfo): Logger {
  const { agentId, runId, logLevel } = record;
  const base = { pid: process.pid, process: 'sidecar', agentId, runId, gitSha: build.gitSha, build: buildId(build) };
  return pino({ level: logLevel, base, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
