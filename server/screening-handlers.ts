/** Which feature answers the screening methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';

const later = (): never => {
  throw new AgorError('unavailable', 'This is not there yet.');
};

export function screeningHandlers(): Pick<Handlers, Extract<keyof Handlers, `screening/${string}`>> {
  return {
    'screening/held': later,
    'screening/release': later,
    'screening/discard': later,
    'screening/try': later,
  };
}
