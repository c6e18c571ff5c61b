/** Which feature answers the task methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';

const later = (): never => {
  throw new AgorError('unavailable', 'This is not there yet.');
};

export function taskHandlers(): Pick<Handlers, Extract<keyof Handlers, `task/${string}`>> {
  return {
    'task/list': later,
    'task/add': later,
    'task/edit': later,
    'task/assign': later,
    'task/move': later,
    'task/comment': later,
    'task/show': later,
    'task/remove': later,
  };
}
