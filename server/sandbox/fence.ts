/** Raises the fence around an agent's program: the best that this machine gives, tried out before the program starts. */
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SandboxState } from '../protocol/sandbox.ts';
import { buildFence } from './build-fence.ts';
import type { Environment } from './held-environment.ts';
import { type SandboxHost, sandboxHost } from './host.ts';
import { sandboxProfile } from './profile.ts';
import type { SandboxProfile, SandboxRequest } from './request.ts';

export type Fence = {
  readonly state: SandboxState;
  readonly profile: SandboxProfile;
  /** The argv to spawn instead of `command`, in the program's working folder and with `environment`. */
  wrap(command: readonly [string, ...string[]]): readonly [string, ...string[]];
  /** What to spawn it with, for a program that shall get `program` as its environment. */
  environment(program: Environment): Environment;
  /** Where bubblewrap writes `{"child-pid": …}`; null without it. */
  readonly infoFd: number | null;
  /**
   * The guarded places that are guarded no longer for the running program whose `child-pid` that was: the kernel lifts
   * a mount without a word when somebody outside replaces or removes what it lies on, as `git config` does.
   */
  lost(childPid: number): readonly string[];
  /** Once the program is gone: removes the mount points that were made for missing files. A second call does nothing. */
  release(): void;
};

/**
 * Throws `refused`, with the remedy, when a full fence is required and there is none, and `storage` when the data
 * directory cannot be written. Takes a little longer than a start of Node.
 */
export async function raiseFence(request: SandboxRequest, host: SandboxHost = sandboxHost()): Promise<Fence> {
  const { fence } = await buildFence(request, sandboxProfile(request), host).catch((error: unknown) => {
    throw asStorageError(error, request.dataDir);
  });
  const { state } = fence;
  if (state.mode !== 'required' || state.files === 'full') return fence;
  fence.release();
  const words = [`A full sandbox is required for this agent, but here it is ${state.files}.`, ...state.gaps, state.remedy];
  throw new AgorError('refused', words.filter(Boolean).join(' '));
}
