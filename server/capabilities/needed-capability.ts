/** Which capability a call of an agent needs. What a session of it cannot do without needs none. */
import type { AgentMethod } from '../policy/callers.ts';
import type { Capability } from '../protocol/capability.ts';
import type { Method } from '../protocol/requests.ts';

/** Where the message stands that is answered; what cannot be found is told by whoever looks for it. */
export type IsInChannel = (messageReference: string) => boolean;

/** Complete, because the compiler asks for a method that is new to agents. */
const needed: Readonly<Record<AgentMethod, Capability | null>> = {
  'backend/ping': null,
  'message/whoami': null,
  'message/heartbeat': null,
  'message/send': 'send-messages',
  'message/reply': 'send-messages',
  'message/inbox': 'read-mail',
  'message/read': 'read-mail',
  'message/unread': 'read-mail',
  'attachment/read': 'read-mail',
  'message/history': 'read-histories',
  'message/feed': 'read-histories',
  'channel/create': 'use-channels',
  'channel/list': 'use-channels',
  'channel/history': 'use-channels',
  'channel/add': 'use-channels',
  'agent/list': 'see-team',
  'project/list': 'see-team',
  'team/list': 'see-team',
  'message/contacts': 'see-team',
  'message/status': 'see-team',
  'message/graph': 'see-team',
  'message/allow': 'manage-team',
  'message/register': 'manage-team',
  'task/list': 'read-tasks',
  'task/show': 'read-tasks',
  'task/add': 'add-tasks',
  'task/edit': 'change-tasks',
  'task/assign': 'change-tasks',
  'task/move': 'change-tasks',
  'task/comment': 'change-tasks',
  'task/remove': 'change-tasks',
};

/** `params` have passed the schema of the method. */
export function neededCapability(method: AgentMethod, params: unknown, isInChannel: IsInChannel): Capability | null {
  return isForChannel(method, params, isInChannel) ? 'use-channels' : needed[method];
}

function isForChannel(method: Method, params: unknown, isInChannel: IsInChannel): boolean {
  if (params === null || typeof params !== 'object') return false;
  if (method === 'message/send') return 'to' in params && typeof params.to === 'string' && params.to.startsWith('#');
  return method === 'message/reply' && 'message' in params && typeof params.message === 'string' && isInChannel(params.message);
}
