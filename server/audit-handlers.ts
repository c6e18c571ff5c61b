/** Which feature answers the audit methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';

const later = (): never => {
  throw new AgorError('unavailable', 'This is not there yet.');
};

export function auditHandlers(): Pick<Handlers, Extract<keyof Handlers, `audit/${string}` | `import/${string}`>> {
  return {
    'audit/list': later,
    'audit/verify': later,
    'audit/export': later,
    'import/run': later,
  };
}
