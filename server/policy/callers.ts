/** Who may call what. A caller is made by the door from what it authenticated, never from the payload. */
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, PartyId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Method } from '../protocol/requests.ts';

/** `assistant`: the chat of an editor, which works for the person and does not decide in their place. */
export type CallerKind = 'extension' | 'cli' | 'assistant' | 'agent';

export type CallerIdentity =
  | { readonly kind: Exclude<CallerKind, 'agent'> }
  /** Whose run's token the caller showed. */
  | { readonly kind: 'agent'; readonly agentId: AgentId };

/** What an agent may ask for itself, and an assistant for the person; all the rest is a person's. */
const teamworkMethods = [
  'agent/list',
  'project/list',
  'team/list',
  'backend/ping',
  'message/send',
  'message/reply',
  'message/inbox',
  'message/read',
  'message/unread',
  'message/history',
  'message/contacts',
  'message/whoami',
  'message/status',
  'message/graph',
  'channel/create',
  'channel/list',
  'channel/history',
  'channel/add',
  'attachment/read',
  'task/list',
  'task/add',
  'task/edit',
  'task/assign',
  'task/move',
  'task/comment',
  'task/show',
  'task/remove',
] as const satisfies readonly Method[];
/** Those of a manager are refused to others by the feature, which knows the roles. */
const ofAgents = [
  ...teamworkMethods,
  'message/heartbeat',
  'message/feed',
  'message/allow',
  'message/register',
] as const satisfies readonly Method[];
export type AgentMethod = (typeof ofAgents)[number];
const agentMethods: ReadonlySet<Method> = new Set<Method>(ofAgents);
const assistantMethods: ReadonlySet<Method> = new Set<Method>(teamworkMethods);

/** Throws `refused` when this caller may not call the method. */
export function requireAllowed(caller: CallerKind, method: Method): void {
  if (caller === 'agent' && !agentMethods.has(method))
    throw new AgorError('refused', `An agent may not call ${method}; a person does that.`);
  if (caller === 'assistant' && !assistantMethods.has(method))
    throw new AgorError('refused', `The chat of an editor may not call ${method}; do it in the Agor views or with the agor command.`);
}

export function isAgentMethod(method: Method): method is AgentMethod {
  return agentMethods.has(method);
}

/** In whose name the caller writes. */
export function partyOf(caller: CallerIdentity): PartyId {
  if (caller.kind === 'agent') return PartyId.parse(caller.agentId);
  return caller.kind === 'assistant' ? partyIds.assistant : partyIds.person;
}
