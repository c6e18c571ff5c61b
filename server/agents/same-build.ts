/** A backend that starts a sidecar of another build than its own has been put together from parts that do not belong together. */
import { AgorError } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';

type Started = { readonly isAdopted: boolean; because: string | undefined };

/** One that an earlier backend started may be of any build whose wire is understood. Throws `outdated`. */
export function requireSameBuild(run: Started, { build }: SidecarHello, own: string | undefined): void {
  if (run.isAdopted || own === undefined || build === own) return;
  run.because = `its program is of build ${build}, the backend of ${own}: install Agent Orchestrator again`;
  throw new AgorError('outdated', `The sidecar is of build ${build}, and this backend, which started it, of ${own}.`);
}
