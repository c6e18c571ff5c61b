/** Which feature answers the team methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';
import type { AgentId } from './protocol/ids.ts';
import type { Wakes } from './wake/wakes.ts';

export type WakeFeatures = {
  readonly wakes: Pick<Wakes, 'list' | 'wakeNow'>;
  readonly agentIdOf: (reference: string) => AgentId;
};

const pageSize = 50;

const later = (): never => {
  throw new AgorError('unavailable', 'This is not there yet.');
};

export function teamHandlers(): Pick<Handlers, Extract<keyof Handlers, `team/${string}` | `group/${string}` | `wake/${string}`>> {
  return {
    'team/list': later,
    'team/configure': later,
    'group/show': later,
    'group/apply': later,
    'wake/list': later,
    'wake/now': later,
  };
}

export function wakeHandlers({ wakes, agentIdOf }: WakeFeatures): Pick<Handlers, 'wake/list' | 'wake/now'> {
  return {
    'wake/list': ({ agent, limit = pageSize }) => ({ wakes: wakes.list(agent === undefined ? null : agentIdOf(agent), limit) }),
    'wake/now': ({ agent }, caller) => wakes.wakeNow(agentIdOf(agent), caller.kind),
  };
}
