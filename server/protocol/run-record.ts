/**
 * The file that stands for one run of an agent: the backend writes it, starts the sidecar with its path, and finds in
 * it later what is to be adopted or ended. Mode 0600, replaced by rename; it holds no secret but the run's own token.
 */
import * as z from 'zod/mini';
import { CredentialSource, Provider } from './agent.ts';
import { AgentId, ProjectId, RunId } from './ids.ts';
import { LogLevel } from './requests.ts';
import { SandboxPlan } from './sandbox.ts';
import { ResourceLimits } from './supervision.ts';

/** With the pid, start time and boot name one process for good. */
const ProcessIdentity = z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() });

export const RunRecord = z.object({
  runId: RunId,
  agentId: AgentId,
  /** What the sidecar shows in its handshake; made anew for each run. */
  token: z.string(),
  dataDir: z.string(),
  projectDir: z.string(),
  /** What the agent may see of its own: its config, temporary files and the like. */
  agentDir: z.string(),
  /** What it may not: the sidecar's outbox and logs. */
  privateDir: z.string(),
  provider: Provider,
  /** The program and its arguments; empty for the provider's own. */
  command: z.array(z.string()),
  /** What the program gets besides the fixed list; never a secret, those come with `run/open`. */
  environment: z.record(z.string(), z.string()),
  /** PATH as it was in the person's shell when the agent was added. */
  path: z.nullable(z.string()),
  credentials: CredentialSource,
  orphanGraceMs: z.number(),
  logLevel: LogLevel,
  wireVersion: z.number(),
  createdAt: z.number(),
  /** The person's own file mode mask, for what the program makes in the project; 022 when it is not known. */
  programUmask: z.optional(z.number()),
  /** The highest event number that the backend has of this agent: numbers go on after it even if the outbox is lost. */
  ackedSeq: z.optional(z.number()),
  /** The agent's name and its project's, for logs. */
  agentName: z.optional(z.string()),
  projectName: z.optional(z.string()),
  model: z.optional(z.nullable(z.string())),
  /** How the program is to be fenced in; records of wire version 1 have none, and their programs no fence. */
  sandbox: z.optional(SandboxPlan),
  limits: z.optional(ResourceLimits),
  /** Where `agor`, `btmsg` and `bttask` are, for the program's PATH. */
  binDir: z.optional(z.string()),
  /** For logs. */
  projectId: z.optional(ProjectId),
  /** Where a person's tools reach the sidecar, and what they show there; filled in by the sidecar. */
  control: z.optional(z.object({ socketPath: z.string(), token: z.string() })),
  /** Filled in by the sidecar. */
  sidecar: z.nullable(ProcessIdentity),
  /** The program that runs now, if one does, and its process group. */
  program: z.nullable(z.extend(ProcessIdentity, { pgid: z.number() })),
});
export type RunRecord = z.infer<typeof RunRecord>;
