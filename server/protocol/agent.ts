/** An agent as everyone outside the backend sees it. */
import * as z from 'zod/mini';
import { Capabilities, Usage } from './agent-event.ts';
import { Hold } from './budget.ts';
import { AgentId, ProjectId, RunId, SessionId } from './ids.ts';
import { NetworkAccess, SandboxMode, SandboxState } from './sandbox.ts';
import { SecretUse } from './secret.ts';
import { ResourceFence, SidecarHealth } from './supervision.ts';

export const Provider = z.enum(['demo', 'claude', 'codex', 'acp']);
export type Provider = z.infer<typeof Provider>;

/**
 * Where the agent's key comes from: the program's own login; named secrets that a window, or a headless source, is asked
 * for; or what was handed over with `agent/add` or `agent/start`, which only memory keeps.
 */
export const CredentialSource = z.enum(['login', 'secret', 'environment']);
export type CredentialSource = z.infer<typeof CredentialSource>;

export const AgentState = z.enum([
  'stopped',
  'starting',
  'idle',
  'running',
  'waitingForApproval',
  'waitingForCredentials',
  /** As many turns run as may at once; the next one that ends makes room. */
  'waitingForTurn',
  /** A budget is used up, or the loop breaker stopped it: `hold` says which, and what waits goes on once it is lifted. */
  'held',
  /** Its sidecar crashed and is started again at `sidecarHealth.nextRetryAt`; or its program did, and its sidecar starts that again. */
  'restarting',
  /** Ended because it was idle; the next prompt resumes the session. */
  'sleeping',
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
  /** Why none of its turns begins, or the schedule no longer wakes it; null while nothing holds it. */
  hold: z.nullable(Hold),
  sessionId: z.nullable(SessionId),
  queuedPrompts: z.number(),
  openApprovals: z.number(),
  capabilities: z.nullable(Capabilities),
  usage: z.nullable(Usage),
  runtime: z.nullable(AgentRuntime),
  /** For `credentials: 'secret'`. */
  secrets: z.array(SecretUse),
  sandboxMode: SandboxMode,
  network: NetworkAccess,
  /** As found out when its program was last started; null before the first time. */
  sandbox: z.nullable(SandboxState),
  /** What bounds the program's memory, processes and the like; null before the first time. */
  resources: z.nullable(ResourceFence),
  sidecarHealth: SidecarHealth,
  /** Events that the backend refused for good and that wait for a person. */
  poisonedEvents: z.number(),
  createdAt: z.number(),
});
export type Agent = z.infer<typeof Agent>;
