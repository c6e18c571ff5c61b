/** How an agent's program is fenced in: what was asked for, what holds, and which gaps there are. */
import * as z from 'zod/mini';
import { Incident } from './incident.ts';
import { ResourceFence } from './supervision.ts';

/** `required`: without a full fence nothing starts. `preferred`: the best there is, with its gaps shown. */
export const SandboxMode = z.enum(['required', 'preferred', 'off']);
export type SandboxMode = z.infer<typeof SandboxMode>;

/** `ports`: TCP to the listed ports only. `open`: whatever the person could reach. */
export const NetworkAccess = z.enum(['none', 'ports', 'open']);
export type NetworkAccess = z.infer<typeof NetworkAccess>;

/** What keeps the fence, outermost first. */
export const SandboxLayer = z.enum(['bubblewrap', 'landlock']);
export type SandboxLayer = z.infer<typeof SandboxLayer>;

/** Two axes, found out by a self-test inside the same profile and never assumed. */
export const SandboxState = z.object({
  files: z.enum(['full', 'partial', 'off']),
  network: NetworkAccess,
  mode: SandboxMode,
  layers: z.array(SandboxLayer),
  landlockAbi: z.nullable(z.number()),
  /** One sentence each: what an agent can reach all the same, on either axis. */
  gaps: z.array(z.string()),
  /** What a person can do about the gaps (install bubblewrap, allow user namespaces); null when there is nothing. */
  remedy: z.nullable(z.string()),
});
export type SandboxState = z.infer<typeof SandboxState>;

/** What is asked for, for one agent; kept in its run record. */
export const SandboxPlan = z.object({
  mode: SandboxMode,
  network: NetworkAccess,
  /** TCP ports that may be connected to when `network` is `ports`. */
  ports: z.array(z.number()),
  /** Absolute paths that the person adds for this machine. */
  readWritePaths: z.array(z.string()),
  readOnlyPaths: z.array(z.string()),
  /** Narrowed for an incident: the project cannot be written. Absent otherwise. */
  isTightened: z.optional(z.boolean()),
});
export type SandboxPlan = z.infer<typeof SandboxPlan>;

export const SandboxPath = z.object({
  path: z.string(),
  /** `protected`: inside what is writable, but not itself. `hidden`: an empty folder in its place. */
  access: z.enum(['read', 'write', 'protected', 'hidden']),
  /** In a few words: "the project", "system libraries", "runs on the host at the next commit". */
  why: z.string(),
});
export type SandboxPath = z.infer<typeof SandboxPath>;

/** One thing tried inside the fence. */
export const SandboxProof = z.object({
  /** What was tried, as a phrase: "write .git/hooks". */
  tried: z.string(),
  /** What should happen. */
  expected: z.enum(['allowed', 'denied']),
  held: z.boolean(),
  /** What the system answered: an error name, or "ok". */
  answer: z.string(),
});
export type SandboxProof = z.infer<typeof SandboxProof>;

export const SandboxExplanation = z.object({
  state: SandboxState,
  paths: z.array(SandboxPath),
  /** What can be connected to and listened on, one sentence each. */
  network: z.array(z.string()),
  proofs: z.array(SandboxProof),
  /** The program as it is started, without its environment. */
  argv: z.array(z.string()),
  /** What bounds its memory, processes and the like. */
  resources: z.optional(ResourceFence),
  /** Because of which it is narrower than it was set. */
  incident: z.optional(Incident),
});
export type SandboxExplanation = z.infer<typeof SandboxExplanation>;
