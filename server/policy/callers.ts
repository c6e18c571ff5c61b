/** Who may call what. A caller is made by the door from what it authenticated, never from the payload. */
import { AgorError } from '../protocol/errors.ts';
import type { Method } from '../protocol/requests.ts';

export type CallerKind = 'extension' | 'cli' | 'agent';

/** What an agent may ask for itself; all the rest is a person's. */
const agentMethods: ReadonlySet<Method> = new Set<Method>(['agent/list', 'project/list', 'backend/ping']);

/** Throws `refused` when this caller may not call the method. */
export function requireAllowed(caller: CallerKind, method: Method): void {
  if (caller !== 'agent' || agentMethods.has(method)) return;
  throw new AgorError('refused', `An agent may not call ${method}; a person does that.`);
}
