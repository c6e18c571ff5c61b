/** Every request the backend answers. All doors offer this one list and hold no decision of their own. */
import * as z from 'zod/mini';
import { Agent, Provider } from './agent.ts';
import { Decision } from './agent-event.ts';
import { Approval } from './approval.ts';
import { limits } from './errors.ts';
import { Health } from './health.ts';
import { PromptId, Reference, SessionId } from './ids.ts';
import { Project } from './project.ts';
import { Item, Session, SessionSnapshot } from './session.ts';

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
    }),
    result: Agent,
  },
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
  /** The last lines of the agent's log, oldest first. */
  'agent/logs': { params: z.object({ agent: Reference, lines: z.optional(pageSize) }), result: z.object({ lines: z.array(z.string()) }) },

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

  /** Open ones first in, first out; with `all`, answered ones too, newest first. */
  'approval/list': { params: z.object({ all: z.optional(z.boolean()) }), result: z.object({ approvals: z.array(Approval) }) },
  /** `hash` is of what the person saw. Answered twice, late or withdrawn: `conflict`, saying which. */
  'approval/answer': {
    params: z.object({ approval: Reference, decision: Decision, hash: z.optional(z.string()), message: z.optional(z.string()) }),
    result: Approval,
  },

  /** What a view wants to find again, as text of its own; the last one put wins. */
  'view/put': {
    params: z.object({ view: name, key: name, state: z.string().check(z.maxLength(limits.viewStateChars)) }),
    result: nothing,
  },
  'view/get': { params: z.object({ view: name, key: name }), result: z.object({ state: z.nullable(z.string()) }) },

  'health/get': { params: nothing, result: Health },
  'log/setLevel': { params: z.object({ level: LogLevel }), result: nothing },
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
