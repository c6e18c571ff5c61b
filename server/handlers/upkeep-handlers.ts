/** Which feature answers what a person asks who keeps an installation. */
import type { Handlers } from '../dispatch.ts';
import type { Fixed } from '../protocol/doctor.ts';
import type { Params, Result } from '../protocol/requests.ts';

export type Upkeep = {
  readonly fix: (actor: string) => Promise<Fixed[]>;
  readonly finish: (params: Params<'runbook/finish'>, actor: string) => Result<'runbook/finish'>;
};

export function upkeepHandlers({ fix, finish }: Upkeep): Pick<Handlers, 'doctor/fix' | 'runbook/finish'> {
  return {
    'doctor/fix': async (_, { kind }) => ({ fixed: await fix(kind) }),
    'runbook/finish': (params, { kind }) => finish(params, kind),
  };
}
