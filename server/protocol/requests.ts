/** Every request the backend answers. All doors offer this one list and hold no decision of their own. */
import * as z from 'zod/mini';
import { Agent, AgentMode, Provider } from './agent.ts';
import { approvalRequests } from './approval-requests.ts';
import { auditRequests } from './audit-requests.ts';
import { budgetRequests } from './budget-requests.ts';
import { capabilityRequests } from './capability-requests.ts';
import { catalogueRequests } from './catalogue.ts';
import { conflictRequests } from './conflict-requests.ts';
import { limits } from './errors.ts';
import { Health } from './health.ts';
import { PromptId, Reference, SessionId } from './ids.ts';
import { incidentRequests } from './incident-requests.ts';
import { messageRequests } from './message-requests.ts';
import { metricsRequests } from './metrics-requests.ts';
import { noticeRequests } from './notice-requests.ts';
import { OutboxReport } from './outbox.ts';
import { priceRequests } from './price-requests.ts';
import { Project } from './project.ts';
import { NetworkAccess, SandboxExplanation, SandboxMode } from './sandbox.ts';
import { screeningRequests } from './screening-requests.ts';
import { searchRequests } from './search-requests.ts';
import { mostSecretChars, Rotation, SecretHolder, SecretInfo, SecretName, SecretUse } from './secret.ts';
import { Item, Session, SessionSnapshot } from './session.ts';
import { taskRequests } from './task-requests.ts';
import { teamRequests } from './team-requests.ts';
import { worktreeRequests } from './worktree-requests.ts';

const nothing = z.object({});
const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(limits.nameChars));
const pageSize = z.number().check(z.int(), z.minimum(1), z.maximum(1000));
/** Names and values of environment variables that hold secrets: kept in memory, never written anywhere. */
const secrets = z.optional(z.record(z.string(), z.string()));

export const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type LogLevel = z.infer<typeof LogLevel>;

export const requests = {
  /** `path` is absolute. Adding a folder twice gives the same project. */
  'project/add': { params: z.object({ path: z.string(), name: z.optional(name), trusted: z.optional(z.boolean()) }), result: Project },
  'project/list': { params: nothing, result: z.object({ projects: z.array(Project) }) },
  /** Stops and removes the project's agents; transcripts and audit rows stay. */
  'project/remove': { params: z.object({ project: Reference }), result: nothing },
  'project/trust': { params: z.object({ project: Reference, trusted: z.boolean() }), result: Project },

  'agent/add': {
    params: z.object({
      project: Reference,
      name,
      provider: Provider,
      /** Program and arguments; required for `acp`. */
      command: z.optional(z.array(z.string())),
      model: z.optional(z.string()),
      /** Environment for the program that is not secret (an API endpoint). */
      environment: z.optional(z.record(z.string(), z.string())),
      /** The PATH of the person's login shell, recorded with the agent. */
      path: z.optional(z.string()),
      secrets,
      /** Named secrets instead: `credentials` becomes `secret`. */
      secretUses: z.optional(z.array(SecretUse)),
      sandboxMode: z.optional(SandboxMode),
      network: z.optional(NetworkAccess),
    }),
    result: Agent,
  },
  /** What is absent stays. Takes effect when the program is started the next time; the answer says whether one runs. */
  'agent/configure': {
    params: z.object({
      agent: Reference,
      model: z.optional(z.nullable(z.string())),
      /** Null: as the settings say for all. */
      sandboxMode: z.optional(z.nullable(SandboxMode)),
      network: z.optional(z.nullable(NetworkAccess)),
      /** Empty: back to the program's own login. */
      secretUses: z.optional(z.array(SecretUse)),
    }),
    result: Agent,
  },
  /** Who answers what it asks from now on; what is open waits for the person as before. Only a person sets it. */
  'agent/setMode': { params: z.object({ agent: Reference, mode: AgentMode }), result: Agent },
  'agent/list': { params: z.object({ project: z.optional(Reference) }), result: z.object({ agents: z.array(Agent) }) },
  'agent/remove': { params: z.object({ agent: Reference }), result: nothing },
  'agent/start': { params: z.object({ agent: Reference, secrets }), result: Agent },
  /** Answered when the prompt is on disk. The same `promptId` again is the same prompt. */
  'agent/prompt': {
    params: z.object({ agent: Reference, text: z.string(), promptId: z.optional(PromptId) }),
    result: z.object({ promptId: PromptId, sessionId: SessionId, queued: z.boolean() }),
  },
  'agent/interrupt': { params: z.object({ agent: Reference }), result: Agent },
  'agent/stop': { params: z.object({ agent: Reference }), result: Agent },
  'agent/restart': { params: z.object({ agent: Reference, secrets }), result: Agent },
  'agent/pause': { params: z.object({ agent: Reference }), result: Agent },
  'agent/resume': { params: z.object({ agent: Reference }), result: Agent },
  /**
   * The last records of the agent's log, oldest first, each a line of JSON (`LogRecord`); with the `cursor` of an earlier
   * answer, those written since. Fewer than there are when they are large: an answer holds about a mebibyte.
   */
  'agent/logs': {
    params: z.object({
      agent: Reference,
      lines: z.optional(pageSize),
      /** Only those of this level and above. */
      level: z.optional(LogLevel),
      cursor: z.optional(z.string()),
    }),
    result: z.object({ lines: z.array(z.string()), cursor: z.string() }),
  },

  /** Tries everything out inside the fence that the agent's program would get now; takes about a second. */
  'sandbox/explain': { params: z.object({ agent: Reference }), result: SandboxExplanation },

  /** With those set aside after `afterSeq`, as many as fit into a message. */
  'outbox/show': { params: z.object({ agent: Reference, afterSeq: z.optional(z.number()) }), result: OutboxReport },
  'outbox/requeue': {
    params: z.object({ agent: Reference, keys: z.optional(z.array(z.string())) }),
    result: z.object({ requeued: z.number() }),
  },

  /** Names and times, never values. */
  'secret/list': { params: nothing, result: z.object({ secrets: z.array(SecretInfo) }) },
  /**
   * Gives the secret another value, where the old one is kept, and hands it to every agent that runs with it. Without a
   * value the source has the new one already. Rejects with `unavailable` when nobody could keep it: then the old one stays.
   */
  'secret/rotate': {
    params: z.object({ name: SecretName, value: z.optional(z.string().check(z.minLength(1), z.maxLength(mostSecretChars))) }),
    result: Rotation,
  },
  /** Starts the programs again that have the old value still: at once where they are idle, else when their turn ends. */
  'secret/restart': { params: z.object({ name: SecretName }), result: z.object({ agents: z.array(SecretHolder) }) },
  /** A window set or deleted a secret in its own store. Agents that waited for it are started. */
  'secret/record': { params: z.object({ name: SecretName, deleted: z.boolean() }), result: nothing },

  /** `values` holds what was set; everything else has its default. */
  /** `environment` goes before `values`, until the backend is started without it. */
  'settings/get': {
    params: nothing,
    result: z.object({ values: z.record(z.string(), z.unknown()), environment: z.record(z.string(), z.unknown()) }),
  },
  /** Null goes back to the default. One that is unknown or unusable refuses all. */
  'settings/put': { params: z.object({ values: z.record(z.string(), z.unknown()) }), result: nothing },

  /** Newest first. */
  'session/list': {
    params: z.object({ agent: z.optional(Reference), project: z.optional(Reference), limit: z.optional(pageSize) }),
    result: z.object({ sessions: z.array(Session) }),
  },
  /** A fresh session becomes the agent's current one. */
  'session/create': { params: z.object({ agent: Reference }), result: Session },
  /** Makes an earlier session the agent's current one; its next prompt goes on there. */
  'session/resume': { params: z.object({ session: Reference }), result: Session },
  /** A snapshot, then `session/changed` to this connection until `session/unwatch`. */
  'session/watch': { params: z.object({ session: Reference, limit: z.optional(pageSize) }), result: SessionSnapshot },
  'session/unwatch': { params: z.object({ session: Reference }), result: nothing },
  /** The items before `beforeOrdinal`, oldest first. */
  'session/items': {
    params: z.object({ session: Reference, beforeOrdinal: z.optional(z.number()), limit: z.optional(pageSize) }),
    result: z.object({ session: Session, items: z.array(Item), hasEarlier: z.boolean() }),
  },

  /** What a view wants to find again, as text of its own; the last one put wins. */
  'view/put': {
    params: z.object({ view: name, key: name, state: z.string().check(z.maxLength(limits.viewStateChars)) }),
    result: nothing,
  },
  'view/get': { params: z.object({ view: name, key: name }), result: z.object({ state: z.nullable(z.string()) }) },

  ...approvalRequests,
  ...messageRequests,
  ...taskRequests,
  ...teamRequests,
  ...screeningRequests,
  ...auditRequests,
  ...metricsRequests,
  ...searchRequests,
  ...noticeRequests,
  ...conflictRequests,
  ...capabilityRequests,
  ...incidentRequests,
  ...priceRequests,
  ...budgetRequests,
  ...catalogueRequests,
  ...worktreeRequests,

  'health/get': { params: nothing, result: Health },
  'log/getLevel': { params: z.object({ agent: z.optional(Reference) }), result: z.object({ level: LogLevel }) },
  /** Of the backend, or of one agent's sidecar, at once and for later starts. */
  'log/setLevel': { params: z.object({ level: LogLevel, agent: z.optional(Reference) }), result: z.object({ previous: LogLevel }) },
  /** An application ping: a channel can go deaf without closing. */
  'backend/ping': { params: nothing, result: nothing },
  /** Ends the backend in order; running agents go on and wait for the next one. */
  'backend/stop': { params: nothing, result: nothing },
} as const;

export type Method = keyof typeof requests;
export type Params<M extends Method> = z.infer<(typeof requests)[M]['params']>;
export type Result<M extends Method> = z.infer<(typeof requests)[M]['result']>;
/** What a caller passes: defaults and brands not yet applied. */
export type Input<M extends Method> = z.input<(typeof requests)[M]['params']>;
