/** What a person can do so that a fence becomes full. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gap, isOfFiles } from './gaps.ts';

/** Name below /proc/sys to what it is set to; null where this kernel has no such setting. */
export type ReadSetting = (name: string) => string | null;

/** Where Landlock holds back all that it is used for here. */
const wholeLandlockAbi = 6;

export const platformRemedy = 'A sandbox needs Linux for now; a Linux virtual machine or container around the editor gives one.';
const install = 'Install bubblewrap with the package manager of your system, for example: sudo apt install bubblewrap.';

type Found = {
  readonly hasBubblewrap: boolean;
  /** What it said when it did not start; null when it is not installed. */
  readonly failure: string | null;
  readonly landlockAbi: number;
};

/** Null when nothing is missing, or nothing can be done. */
export function remedyFor(
  gaps: readonly Gap[],
  { hasBubblewrap, failure, landlockAbi }: Found,
  read: ReadSetting = readSetting,
): string | null {
  if (!hasBubblewrap) return failure === null ? install : `${bubblewrapRemedy(read)} It said: ${failure}`;
  if (landlockAbi === 0) return 'Use a kernel of 5.13 or newer with Landlock switched on (landlock in the boot parameter lsm=).';
  if (gaps.some(({ name }) => name === 'replaceableLinks')) return 'Put what the symbolic link leads to in its place.';
  if (landlockAbi < wholeLandlockAbi && gaps.some(isHeldByNewerLandlock))
    return `Use a newer kernel: this one has Landlock ${landlockAbi}, and version ${wholeLandlockAbi} came with Linux 6.12.`;
  return null;
}

function isHeldByNewerLandlock(gap: Gap): boolean {
  return isOfFiles(gap) || gap.name === 'anyPort';
}

/** As far as the machine's settings tell. */
function bubblewrapRemedy(read: ReadSetting): string {
  if (read('user/max_user_namespaces') === '0') return allowedBy('sudo sysctl user.max_user_namespaces=15000');
  if (read('kernel/unprivileged_userns_clone') === '0') return allowedBy('sudo sysctl kernel.unprivileged_userns_clone=1');
  if (read('kernel/apparmor_restrict_unprivileged_userns') === '1')
    return allowedBy('an AppArmor profile for /usr/bin/bwrap with the rule "userns,"');
  return 'Bubblewrap is installed but does not start here; a container around it may forbid user namespaces.';
}

function allowedBy(how: string): string {
  return `Bubblewrap may not use user namespaces on this machine; this allows it: ${how}.`;
}

function readSetting(name: string): string | null {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8').trim();
  } catch {
    // Most kernels have only some of them.
    return null;
  }
}
