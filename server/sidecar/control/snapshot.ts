/** Where an agent stands, for whoever begins to watch it. Pure. */
import type { MonitorLine, ReportedStatus } from '../../protocol/monitor.ts';
import type { LogLevel } from '../../protocol/requests.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { OpenSession } from '../open-session.ts';

type Snapshot = Extract<MonitorLine, { kind: 'snapshot' }>;

/** What is looked at of the session that is open. */
export type SeenSession = Pick<OpenSession, 'sessionId' | 'opened' | 'watch'>;

export type Standing = {
  readonly record: RunRecord;
  readonly session: SeenSession | undefined;
  readonly reportedStatus: ReportedStatus | null;
  readonly logLevel: LogLevel;
};

export function snapshot({ record, session, reportedStatus, logLevel }: Standing, at: number): Snapshot {
  const { runId, agentId, agentName: agent = '', projectName: project = '', projectDir: folder } = record;
  return {
    kind: 'snapshot',
    at,
    runId,
    agentId,
    agent,
    project,
    folder,
    sidecarPid: process.pid,
    sessionId: session?.sessionId ?? null,
    programPid: session?.opened?.programPid ?? null,
    turnId: session?.watch.turnId ?? null,
    promptId: session?.watch.promptId ?? null,
    openApprovals: [...(session?.watch.openApprovals ?? [])],
    state: stateOf(session),
    reportedStatus,
    logLevel,
  };
}

function stateOf(session: SeenSession | undefined): Snapshot['state'] {
  if (!session) return 'starting';
  if (session.watch.openApprovals.length > 0) return 'waitingForApproval';
  if (session.watch.turnId !== null) return 'running';
  return session.opened ? 'idle' : 'offline';
}
