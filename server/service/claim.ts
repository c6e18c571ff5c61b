/** How a service gets its data directory: at once, from a backend that a window or a command started, or not at all. */
import { readFileSync } from 'node:fs';
import { delay } from '../base/delay.ts';
import type { OwnerLock } from '../base/owner-lock.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { AgorError } from '../protocol/errors.ts';
import type { BuildInfo } from '../protocol/health.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';

export type ClaimDeps = {
  /** Undefined while another process owns the directory. */
  readonly takeLock: () => OwnerLock | undefined;
  readonly ownerRecord: string;
  readonly dataDir: string;
  readonly build: BuildInfo;
  /** Told when a backend is asked to make way. */
  readonly onTakeOver: (pid: number) => void;
};

export type OwnerStep = 'wait' | 'takeOver';

const pollMs = 20;
/** A backend that ends in order needs less. */
const hungAfterMs = 15_000;
const giveUpAfterMs = 30_000;

/** Rejects with `conflict` or `outdated` when whoever owns the directory is not to be replaced, with `unavailable` when it does not end. */
export async function claim(deps: ClaimDeps): Promise<OwnerLock> {
  const startedAt = performance.now();
  const asked = new Set<number>();
  for (;;) {
    const lock = deps.takeLock();
    if (lock) return lock;
    const owner = runningOwner(deps.ownerRecord);
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > giveUpAfterMs)
      throw new AgorError(
        'unavailable',
        `The backend that owns ${deps.dataDir} did not end within ${giveUpAfterMs / 1000} s. End it, then try again.`,
      );
    if (owner && stepFor(owner, deps) === 'takeOver') makeWay(owner, { asked, isHung: waitedMs > hungAfterMs }, deps);
    await delay(pollMs);
  }
}

/** Agents go on meanwhile: their sidecars wait for whoever owns the directory next. Throws when the owner stays. */
export function stepFor(owner: OwnerRecord | undefined, { build, dataDir }: Pick<ClaimDeps, 'build' | 'dataDir'>): OwnerStep {
  // Just starting, and not yet known.
  if (!owner) return 'wait';
  if (owner.isService) {
    const what = `A service serves ${dataDir} already (pid ${owner.pid}).`;
    throw new AgorError('conflict', `${what} Stop it with "agor backend stop", or give this one another data directory.`);
  }
  if (owner.build.buildTime > build.buildTime) {
    const what = `The backend of ${dataDir} (pid ${owner.pid}) is of a newer build, ${owner.build.version} (${owner.build.gitSha}), than this program.`;
    throw new AgorError('outdated', `${what} Serve with that build, or end the backend with "agor backend stop".`);
  }
  return 'takeOver';
}

type Asking = { readonly asked: Set<number>; readonly isHung: boolean };

function makeWay(owner: OwnerRecord, { asked, isHung }: Asking, { onTakeOver }: ClaimDeps): void {
  if (asked.has(owner.pid) && !isHung) return;
  if (!asked.has(owner.pid)) onTakeOver(owner.pid);
  asked.add(owner.pid);
  try {
    process.kill(owner.pid, isHung ? 'SIGKILL' : 'SIGTERM');
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function runningOwner(path: string): OwnerRecord | undefined {
  try {
    const owner = OwnerRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    // None yet, or of another version: the lock decides.
    return undefined;
  }
}
