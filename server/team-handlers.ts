/** Which feature answers the team methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';

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
