/** What is started in front of a program, outermost first: bubblewrap where it works, then the launcher. */
import { bubblewrapArguments, bubblewrapInfoFd } from './bubblewrap.ts';
import type { FencePlan } from './fence-plan.ts';
import { type SandboxHost, usedLandlockAbi } from './host.ts';
import type { LauncherPolicy } from './launcher-policy.ts';
import { readsAround } from './reads-around.ts';
import type { SandboxProfile } from './request.ts';

export type Argv = readonly [string, ...string[]];

export type Layers = {
  readonly hasBubblewrap: boolean;
  readonly infoFd: number | null;
  readonly plan: FencePlan;
  /** Starts what it can get; what has to hold is added when it is known. */
  readonly policy: LauncherPolicy;
  toArgv(policy: LauncherPolicy, command: readonly string[]): Argv;
};

/** A device folder of its own comes with bubblewrap. Terminals are not among these: the person's other ones are there too. */
const harmlessDevices = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty'];

export function bubblewrapLayers(plan: FencePlan, profile: SandboxProfile, host: SandboxHost & { readonly bwrap: string }): Layers {
  const { hasNetwork } = profile;
  const options = bubblewrapArguments(plan.mounts, { hasNetwork, isRoot: process.getuid?.() === 0 });
  return {
    hasBubblewrap: true,
    infoFd: bubblewrapInfoFd,
    plan,
    policy: policyOf({ read: plan.read, list: [], write: [...plan.write, '/tmp', '/dev'] }, profile, host),
    toArgv: (policy, command) => [host.bwrap, ...options, '--', ...launcherArgv(host, policy, command)],
  };
}

export function landlockLayers(plan: FencePlan, profile: SandboxProfile, host: SandboxHost): Layers {
  return {
    hasBubblewrap: false,
    infoFd: null,
    plan,
    policy: policyOf({ ...readsAround(plan.read, plan.hidden), write: [...plan.write, ...harmlessDevices] }, profile, host),
    toArgv: (policy, command) => launcherArgv(host, policy, command),
  };
}

/** Without a network of its own the ports are closed; with bubblewrap it then has one, with nothing in it but itself. */
function policyOf(
  { read, list, write }: Pick<LauncherPolicy, 'read' | 'list' | 'write'>,
  profile: SandboxProfile,
  host: SandboxHost,
): LauncherPolicy {
  return {
    minLandlockAbi: 0,
    maxLandlockAbi: usedLandlockAbi(host),
    read: [...read, '/proc'],
    list,
    write,
    tcpConnect: profile.tcpConnect,
    tcpBind: profile.tcpBind,
  };
}

function launcherArgv({ node, launcher }: SandboxHost, policy: LauncherPolicy, command: readonly string[]): Argv {
  return [...node, launcher, JSON.stringify(policy), ...(command.length === 0 ? [] : ['--', ...command])];
}
