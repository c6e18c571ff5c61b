/**
 * The first line each way on every connection to the backend, before any JSON-RPC frame: newline-ended JSON, at most
 * `limits.handshakeBytes`, within `handshakeTimeoutMs`. A caller that fails it is answered and cut off.
 */
import * as z from 'zod/mini';
import { AgentEvent, Capabilities } from './agent-event.ts';
import { ErrorCode } from './errors.ts';
import { BuildInfo } from './health.ts';
import { AgentId, PromptId, RunId, SessionId, TurnId } from './ids.ts';

export const handshakeTimeoutMs = 10_000;

/** Version of the wire between sidecar and backend; a backend also adopts sidecars of the version before. */
export const sidecarWireVersion = 3;

/**
 * A window or a command, with the token of `run/token`. `assistant`: the chat of an editor, which works for the person
 * and may do less.
 */
export const ClientHello = z.object({
  role: z.enum(['extension', 'cli', 'assistant']),
  token: z.string(),
  build: BuildInfo,
  /** It is newer and takes this backend as it is: no handing over. */
  stays: z.optional(z.boolean()),
});
export type ClientHello = z.infer<typeof ClientHello>;

/** A sidecar, with the token of its own run; says where it stands, so that any backend can take over. */
export const SidecarHello = z.object({
  role: z.literal('sidecar'),
  token: z.string(),
  wireVersion: z.number(),
  /** The build that the sidecar runs; it may be an older one than the backend's. */
  build: z.string(),
  runId: RunId,
  agentId: AgentId,
  pid: z.number(),
  programPid: z.nullable(z.number()),
  programVersion: z.nullable(z.string()),
  sessionId: z.nullable(SessionId),
  capabilities: z.nullable(Capabilities),
  turnId: z.nullable(TurnId),
  /** The prompt it works on or was last given. */
  promptId: z.nullable(PromptId),
});
export type SidecarHello = z.infer<typeof SidecarHello>;

export const Hello = z.discriminatedUnion('role', [ClientHello, SidecarHello]);
export type Hello = z.infer<typeof Hello>;

/** `ok: false` with code `outdated` and `handingOver` means: this backend is older, ends now, start your own. */
export const HelloReply = z.union([
  z.object({ ok: z.literal(true), pid: z.number(), build: BuildInfo }),
  z.object({ ok: z.literal(false), code: ErrorCode, message: z.string(), handingOver: z.boolean() }),
]);
export type HelloReply = z.infer<typeof HelloReply>;

/** An event with its place in the run: `seq` counts from 1 for each agent and is never reused. */
export const NumberedEvent = z.object({
  seq: z.number(),
  /** UUIDv7, made when the event was queued: the same key has its effect once. Sidecars of wire version 1 send none. */
  key: z.optional(z.string()),
  /** When it happened, stamped once. */
  at: z.number(),
  sessionId: SessionId,
  event: AgentEvent,
});
export type NumberedEvent = z.infer<typeof NumberedEvent>;
