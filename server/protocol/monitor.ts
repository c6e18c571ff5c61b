/** What a person's tools see of an agent as it works, one JSON document after the other. Display only: nothing acts on it. */
import * as z from 'zod/mini';
import { AgentEvent } from './agent-event.ts';
import { AgentId, ApprovalId, PromptId, RunId, SessionId, TurnId } from './ids.ts';
import { LogLevel } from './requests.ts';

/** What the program says of itself, through its hooks. */
export const ReportedStatus = z.enum(['busy', 'idle', 'offline', 'error']);
export type ReportedStatus = z.infer<typeof ReportedStatus>;

export const MonitorLine = z.discriminatedUnion('kind', [
  /** The first one: where the agent stands. Everything that happens afterwards follows. */
  z.object({
    kind: z.literal('snapshot'),
    at: z.number(),
    runId: RunId,
    agentId: AgentId,
    agent: z.string(),
    project: z.string(),
    folder: z.string(),
    sidecarPid: z.number(),
    /** Null before the first session. */
    sessionId: z.nullable(SessionId),
    programPid: z.nullable(z.number()),
    turnId: z.nullable(TurnId),
    promptId: z.nullable(PromptId),
    openApprovals: z.array(ApprovalId),
    state: z.enum(['starting', 'offline', 'idle', 'running', 'waitingForApproval']),
    /** Null when it never said. */
    reportedStatus: z.nullable(ReportedStatus),
    logLevel: LogLevel,
  }),
  z.object({ kind: z.literal('session'), at: z.number(), sessionId: SessionId, event: AgentEvent }),
  z.object({ kind: z.literal('status'), at: z.number(), status: ReportedStatus }),
  /** A hook reported a prompt that was typed elsewhere, the end of a turn, or the end of its session. */
  z.object({ kind: z.literal('report'), at: z.number(), what: z.enum(['userPrompt', 'sessionTurn', 'sessionEnd']), text: z.string() }),
]);
export type MonitorLine = z.infer<typeof MonitorLine>;
