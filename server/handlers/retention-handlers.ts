/** Which feature answers what is asked about what is kept how long. */
import type { Handlers } from '../dispatch.ts';
import type { RetentionParts } from '../wiring/retention-course.ts';

export function retentionHandlers({
  housekeeping,
}: Pick<RetentionParts, 'housekeeping'>): Pick<Handlers, Extract<keyof Handlers, `retention/${string}`>> {
  return {
    'retention/show': () => housekeeping.show(),
    'retention/try': () => housekeeping.preview(),
    'retention/run': (_, caller) => housekeeping.run(caller.kind),
    'retention/agree': (_, caller) => housekeeping.agree(caller.kind),
  };
}
