/** What backend and sidecar say to each other once the handshake is done (JSON-RPC both ways). */
import * as z from 'zod/mini';
import { AgentEvent, Capabilities, Decision, Usage } from './agent-event.ts';
import { FormValues } from './form.ts';
import { ApprovalId, AttachmentId, MessageId, PromptId, SessionId } from './ids.ts';
import { CarriedMessage, MailSnapshot } from './message.ts';
import { OutboxReport } from './outbox.ts';
import { LogLevel } from './requests.ts';
import { SandboxState } from './sandbox.ts';
import { TakesSecret } from './secret.ts';
import { ProgramDecision, ResourceFence } from './supervision.ts';

const nothing = z.object({});

/** Backend → sidecar. */
export const sidecarRequests = {
  /**
   * Opens a session in the agent's program, starting it if needed. Secrets live in memory only; with none, those of the
   * last time are used. `usage` is what is known of the session so far: a program that was killed may count on from less.
   */
  'run/open': {
    params: z.object({
      sessionId: SessionId,
      providerSessionId: z.nullable(z.string()),
      model: z.nullable(z.string()),
      usage: z.optional(z.nullable(Usage)),
      secrets: z.record(z.string(), z.string()),
      /** By variable as well: what each is called where it is taken out of what the agent says. */
      secretNames: z.optional(z.record(z.string(), z.string())),
    }),
    result: z.object({
      capabilities: Capabilities,
      programPid: z.nullable(z.number()),
      programVersion: z.nullable(z.string()),
    }),
  },
  /**
   * Given twice, the same prompt runs once. `mail`: the messages that `text` holds; when this session has one of them
   * already, nothing is done and `given` names those. `context` goes beside the prompt, as what the agent should know.
   * `intoTurn`: the turn that runs may take it in; where it does not, the prompt is the next one.
   */
  'run/prompt': {
    params: z.object({
      promptId: PromptId,
      text: z.string(),
      mail: z.optional(z.array(CarriedMessage)),
      context: z.optional(z.string()),
      intoTurn: z.optional(z.boolean()),
    }),
    result: z.object({ given: z.optional(z.array(MessageId)) }),
  },
  /** What the agent was sent, or owes, has changed: the sidecar asks for it when it next has to know. */
  'run/mailChanged': { params: nothing, result: nothing },
  'run/interrupt': { params: nothing, result: nothing },
  /** `delivered: false`: the agent no longer waits for it. */
  'run/answer': {
    params: z.object({
      approvalId: ApprovalId,
      decision: Decision,
      message: z.nullable(z.string()),
      values: z.optional(FormValues),
    }),
    result: z.object({ delivered: z.boolean() }),
  },
  /** Ends the program gracefully and then the sidecar. */
  'run/stop': { params: nothing, result: nothing },
  /**
   * Other values of secrets, by variable; the rest stays. Nothing is stopped for it: `nextStart` says that the program that
   * runs has the old ones still. With `restart` it is started again as soon as no turn runs; without any values, that is
   * all that is done, and only where the program has old ones.
   */
  'run/useSecrets': {
    params: z.object({
      secrets: z.record(z.string(), z.string()),
      secretNames: z.record(z.string(), z.string()),
      restart: z.boolean(),
    }),
    result: z.object({ takes: TakesSecret, wasRestarted: z.boolean() }),
  },
  'run/ping': { params: nothing, result: nothing },
  /** With those set aside after `afterSeq`, as many as fit into a message. */
  'run/outbox': { params: z.object({ afterSeq: z.optional(z.number()) }), result: OutboxReport },
  /** Without `keys`: all that were refused. */
  'run/requeue': { params: z.object({ keys: z.optional(z.array(z.string())) }), result: z.object({ requeued: z.number() }) },
  'run/setLogLevel': { params: z.object({ level: LogLevel }), result: nothing },
} as const;
export type SidecarMethod = keyof typeof sidecarRequests;
export type SidecarParams<M extends SidecarMethod> = z.infer<(typeof sidecarRequests)[M]['params']>;
export type SidecarResult<M extends SidecarMethod> = z.infer<(typeof sidecarRequests)[M]['result']>;

/** Sidecar → backend. */
export const backendRequests = {
  /**
   * Answered once the events up to `ackedSeq` are on the backend's disk; the sidecar then forgets them. `events` are
   * `NumberedEvent`s, parsed one by one and taken in their order up to the first that is refused: nothing overtakes it
   * before the sidecar has set it aside. `refused` names that one, and all of unknown kinds. A backend that cannot write
   * now answers with an error, which refuses nothing.
   */
  'run/append': {
    params: z.object({ events: z.array(z.unknown()) }),
    result: z.object({
      ackedSeq: z.number(),
      refused: z.optional(z.array(z.object({ seq: z.number(), reason: z.enum(['rejected', 'unsupported']), detail: z.string() }))),
    }),
  },
  /** What waits for the agent, and what it owes. */
  'run/mail': { params: nothing, result: MailSnapshot },
  'run/attachment': { params: z.object({ attachmentId: AttachmentId }), result: z.object({ base64: z.string() }) },
  /** What the agent asks for itself, in its own name: a method of the contract, through the same gate as every other door. */
  'run/call': { params: z.object({ method: z.string(), params: z.unknown() }), result: z.object({ result: z.unknown() }) },
} as const;
export type BackendMethod = keyof typeof backendRequests;
export type BackendParams<M extends BackendMethod> = z.infer<(typeof backendRequests)[M]['params']>;
export type BackendResult<M extends BackendMethod> = z.infer<(typeof backendRequests)[M]['result']>;
export type AppendAnswer = z.infer<(typeof backendRequests)['run/append']['result']>;

export const sidecarNotifications = {
  /** Text as it streams, at most every 16 ms; the same text follows in `run/append` within a second. */
  'run/streamed': z.object({ sessionId: SessionId, event: AgentEvent }),
  /** The program ended by itself, or came up with a new pid. */
  'run/programChanged': z.object({
    programPid: z.nullable(z.number()),
    programVersion: z.nullable(z.string()),
    detail: z.string(),
    /** Why it stays down, when it does. */
    decision: z.optional(ProgramDecision),
  }),
  /** What the program is fenced in by, as soon as it is known; the event `fenced` follows durably. */
  'run/fenced': z.object({ sandbox: SandboxState, resources: ResourceFence }),
  'run/poisoned': z.object({ count: z.number() }),
} as const;
/** `programPid: null`: it ended. */
export type ProgramChange = z.infer<(typeof sidecarNotifications)['run/programChanged']>;
