/** An agent as everyone outside the backend sees it. */
import * as z from 'zod/mini';
import { Capabilities, Usage } from './agent-event.ts';
import { AgentId, ProjectId, RunId, SessionId } from './ids.ts';

export const Provider = z.enum(['demo', 'claude', 'acp']);
export type Provider = z.infer<typeof Provider>;

/** Where the agent's key comes from: the program's own login, or what was handed over with `agent/add` or `agent/start`. */
export const CredentialSource = z.enum(['login', 'environment']);
export type CredentialSource = z.infer<typeof CredentialSource>;

export const AgentState = z.enum([
  'stopped',
  'starting',
  'idle',
  'running',
  'waitingForApproval',
  'waitingForCredentials',
  /** The program ended by itself; the next prompt starts it and resumes the session. */
  'offline',
  /** It could not be started; `stateDetail` says why. */
  'failed',
]);
export type AgentState = z.infer<typeof AgentState>;

export const AgentRuntime = z.object({
  runId: RunId,
  sidecarPid: z.number(),
  /** The build of the sidecar. */
  build: z.string(),
  programPid: z.nullable(z.number()),
  programVersion: z.nullable(z.string()),
  hostname: z.string(),
  startedAt: z.number(),
});
export type AgentRuntime = z.infer<typeof AgentRuntime>;

export const Agent = z.object({
  id: AgentId,
  projectId: ProjectId,
  name: z.string(),
  provider: Provider,
  /** The program and its arguments; empty for the provider's own. */
  command: z.array(z.string()),
  model: z.nullable(z.string()),
  credentials: CredentialSource,
  state: AgentState,
  /** One short sentence or phrase for the tree: what it does now, or why it does not. */
  stateDetail: z.string(),
  /** No new turns and no deliveries while true. */
  paused: z.boolean(),
  sessionId: z.nullable(SessionId),
  queuedPrompts: z.number(),
  openApprovals: z.number(),
  capabilities: z.nullable(Capabilities),
  usage: z.nullable(Usage),
  runtime: z.nullable(AgentRuntime),
  createdAt: z.number(),
});
export type Agent = z.infer<typeof Agent>;
