/** What the control server answers, and to whom. It knows nothing of HTTP but methods, paths and refusals. */
import { parseLogLevel } from '../../log/log-level.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { OwedReply } from '../../protocol/message.ts';
import { ReportedStatus } from '../../protocol/monitor.ts';
import { LogLevel } from '../../protocol/requests.ts';
import type { Body } from './request-body.ts';
import { type Authority, Refused } from './request-check.ts';

export type Route = {
  readonly who: readonly Authority[];
  /** A body that cannot be read counts as an empty one: whoever reports a failure must not fail at it. */
  readonly takesAnything?: boolean;
  /** Of a body that may be larger than others. */
  readonly maxBytes?: number;
  /** Returns what is sent, or a promise of it: JSON, or a string as it is. Throws `Refused` or `AgorError`. `name` is what follows the route's own path. */
  readonly answer: (body: Body, name: string) => unknown;
};
export type Routes = Readonly<Record<string, { readonly GET?: Route; readonly POST?: Route }>>;

/** How a terminal gets to the agent. None has one of its own: a person's terminal opens in its folder instead. */
export type TerminalAttachSpec = {
  readonly attachable: false;
  readonly cwd: string;
  /** Folders to put before the terminal's PATH. */
  readonly path: readonly string[];
  readonly note: string;
};

/** `known: false`: what is owed has never been learned, and nobody may take that for "nothing". */
export type ReplyObligations = {
  readonly owed: readonly OwedReply[];
  readonly unread: readonly MessageId[];
  /** When that was learned, and how long ago that is. */
  readonly asOf: number | null;
  readonly ageMs: number | null;
  readonly known: boolean;
};

export type SessionReport = {
  readonly transcriptPath: string | null;
  readonly reason: string | null;
  readonly lastMessage: string | null;
};

export type ControlCallbacks = {
  readonly onHookFatal: (hook: string, error: string) => void;
  /** Returns the transcript that is meant, which may be one that was named before. */
  readonly onSessionEnd: (end: SessionReport) => string | null;
  readonly onSessionTurn: (turn: SessionReport) => void;
  readonly onStatus: (status: ReportedStatus) => void;
  readonly onUserPrompt: (prompt: string) => void;
  readonly onTerminalAttachSpec: () => TerminalAttachSpec;
  readonly onReplyObligations: () => ReplyObligations;
  /** What the agent asks for itself, in its own name; rejects with an `AgorError`. */
  readonly onCall: (method: string, params: unknown) => Promise<unknown>;
  /** Null when the agent has no such secret. */
  readonly onSecret: (variable: string) => string | null;
  readonly level: { get(): LogLevel; set(level: LogLevel): void };
};

const both = ['agent', 'person'] as const;
/** A message with all the attachments that it may have, as text. */
export const mostCallBytes = 6 * 1024 * 1024;

export function controlRoutes(on: ControlCallbacks): Routes {
  const terminal: Route = { who: both, answer: () => on.onTerminalAttachSpec() };
  const obligations: Route = { who: both, answer: () => on.onReplyObligations() };
  return {
    '/log-level': {
      GET: { who: both, answer: () => ({ level: on.level.get(), levels: LogLevel.options }) },
      // An agent must not silence the log that tells of it.
      POST: { who: ['person'], answer: ({ level }) => setLevel(on.level, level) },
    },
    '/hook-fatal': {
      POST: {
        who: both,
        takesAnything: true,
        answer: ({ hook, error }) => done(() => on.onHookFatal(text(hook) ?? 'unknown', text(error) ?? '(no detail)')),
      },
    },
    '/session-end': { POST: { who: both, answer: (body) => ({ ok: true, transcriptPath: on.onSessionEnd(sessionReport(body)) }) } },
    '/session-turn': { POST: { who: both, answer: (body) => done(() => on.onSessionTurn(sessionReport(body))) } },
    '/status': { POST: { who: both, answer: ({ status }) => setStatus(on, status) } },
    '/user-prompt': { POST: { who: both, answer: ({ prompt }) => done(() => on.onUserPrompt(text(prompt) ?? '')) } },
    '/terminal-attach': { GET: terminal, POST: terminal },
    '/reply-obligations': { GET: obligations, POST: obligations },
    // For the agent alone: whoever shows its token speaks in its name.
    '/call': { POST: { who: ['agent'], maxBytes: mostCallBytes, answer: (body) => call(on, body) } },
    '/secret/': { GET: { who: ['agent'], answer: (_, variable) => secret(on, variable) } },
  };
}

type Asked = { readonly method: string; readonly path: string; readonly authority: Authority };

/** The route, and what follows its path where that ends in a slash. Throws `Refused`. */
export function findRoute(routes: Routes, { method, path, authority }: Asked): { readonly route: Route; readonly name: string } {
  const end = path.indexOf('/', 1) + 1;
  const own = end === 0 ? path : path.slice(0, end);
  const methods = Object.hasOwn(routes, own) ? routes[own] : undefined;
  if (!methods) throw new Refused(404, 'There is nothing here.');
  const route = method === 'GET' || method === 'POST' ? methods[method] : undefined;
  if (!route) throw new Refused(405, `${own} takes ${Object.keys(methods).join(' and ')}.`);
  if (!route.who.includes(authority)) throw new Refused(403, `${method} ${own} is not for the ${authority}'s token.`);
  return { route, name: path.slice(own.length) };
}

async function call({ onCall }: ControlCallbacks, { method, params }: Body): Promise<unknown> {
  const named = text(method);
  if (named === null) throw new Refused(400, 'method must name what is asked for, like "message/inbox".', 'badRequest');
  return { result: (await onCall(named, params)) ?? null };
}

function done(work: () => void): unknown {
  work();
  return { ok: true };
}

function setLevel(level: ControlCallbacks['level'], wanted: unknown): unknown {
  const parsed = parseLogLevel(text(wanted) ?? undefined);
  if (!parsed) throw new Refused(400, `level must be one of: ${LogLevel.options.join(', ')}`);
  const previous = level.get();
  level.set(parsed);
  return { ok: true, level: parsed, previous };
}

function setStatus({ onStatus }: ControlCallbacks, given: unknown): unknown {
  const { success, data: status } = ReportedStatus.safeParse(given);
  if (!success) throw new Refused(400, `status must be one of: ${ReportedStatus.options.join(', ')}`);
  onStatus(status);
  return { ok: true, status };
}

function secret({ onSecret }: ControlCallbacks, variable: string): string {
  const value = onSecret(variable);
  if (value === null) throw new Refused(404, 'This agent was given no such secret.');
  return value;
}

/** In our own spelling, or in that of the program's hooks. */
function sessionReport(body: Body): SessionReport {
  return {
    transcriptPath: text(body.transcriptPath) ?? text(body.transcript_path),
    reason: text(body.reason),
    lastMessage: text(body.lastAssistantMessage) ?? text(body.last_assistant_message),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
