/** Who restarts whom, and how far a restart has got. */
import * as z from 'zod/mini';

/** Of one agent's sidecar, as the backend supervises it; kept on disk, so that a new backend goes on counting. */
export const SidecarHealth = z.discriminatedUnion('state', [
  z.object({ state: z.literal('healthy') }),
  z.object({ state: z.literal('restarting'), attempt: z.number(), nextRetryAt: z.number(), lastError: z.string() }),
  /** `flapping`: too many crashes within the window, each after a stable run. */
  z.object({ state: z.literal('failed'), attempts: z.number(), lastError: z.string(), reason: z.enum(['attempts', 'flapping']) }),
]);
export type SidecarHealth = z.infer<typeof SidecarHealth>;

/** What the sidecar decided when its agent's program ended by itself. */
export const ProgramDecision = z.enum([
  'restart', // Started again after `delayMs`, its session resumed.
  'offline', // Not started by itself: the next prompt, or a person, resumes the session.
  'giveUp', // It ended too soon too often; a person restarts it.
]);
export type ProgramDecision = z.infer<typeof ProgramDecision>;

/** What the backend (of a sidecar) or the sidecar (of its program) decided after a crash; a session's timeline shows each. */
export const RestartDecision = z.object({
  ring: z.enum(['sidecar', 'program']),
  decision: ProgramDecision,
  /** Which one in a row this was. */
  attempt: z.number(),
  delayMs: z.nullable(z.number()),
});
export type RestartDecision = z.infer<typeof RestartDecision>;

/** Bounds of what one agent's program may use. */
export const ResourceLimits = z.object({
  memoryMb: z.number(),
  processes: z.number(),
  openFiles: z.number(),
  /** Of one core; 200 is two cores. */
  cpuPercent: z.number(),
  /** `--max-old-space-size` of Node programs. */
  maxHeapMb: z.number(),
  /** A turn that takes longer is ended by force, whatever it says meanwhile. */
  hardTurnMinutes: z.number(),
});
export type ResourceLimits = z.infer<typeof ResourceLimits>;

/** What keeps those bounds on this machine; each names what it does not keep. */
export const ResourceFence = z.object({
  by: z.array(z.enum(['cgroup2', 'cgroup1', 'prlimit', 'watchdog'])),
  gaps: z.array(z.string()),
});
export type ResourceFence = z.infer<typeof ResourceFence>;
