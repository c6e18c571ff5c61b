/** Answers what a fence lets through, each claim with what was tried to prove it. */
import { existsSync } from 'node:fs';
import type { SandboxExplanation, SandboxPath } from '../protocol/sandbox.ts';
import { buildFence } from './build-fence.ts';
import type { Fence } from './fence.ts';
import { type SandboxHost, sandboxHost } from './host.ts';
import { sandboxProfile } from './profile.ts';
import type { SandboxProfile, SandboxRequest } from './request.ts';

/** Raises the fence, tries it, and takes it away again; refuses nothing. */
export async function explainFence(request: SandboxRequest, host: SandboxHost = sandboxHost()): Promise<SandboxExplanation> {
  const { fence, proofs } = await buildFence(request, sandboxProfile(request), host);
  try {
    const { state, profile } = fence;
    return {
      state,
      paths: state.files === 'off' ? [] : [...profile.paths.filter(isThere), ...ownPlaces(fence)],
      network: networkOf(state, profile),
      proofs: [...proofs],
      argv: [...fence.wrap(request.command)],
    };
  } finally {
    fence.release();
  }
}

/** What is guarded is so even where it is missing. */
function isThere({ path, access }: SandboxPath): boolean {
  return access === 'protected' || existsSync(path);
}

/** Not of the machine, but made for the agent. */
function ownPlaces({ state }: Fence): SandboxPath[] {
  if (!state.layers.includes('bubblewrap')) return [{ path: '/proc', access: 'read', why: 'processes' }];
  return [
    { path: '/proc', access: 'read', why: 'its own processes, and no others' },
    { path: '/dev', access: 'write', why: 'devices of its own: null, random, terminals' },
    { path: '/tmp', access: 'write', why: 'a temporary folder of its own' },
  ];
}

function networkOf({ network }: Fence['state'], profile: SandboxProfile): string[] {
  switch (network) {
    case 'none':
      return ['It can connect to nothing but itself.'];
    case 'open':
      return ['It can connect to whatever you can, on this machine and beyond.', 'It can listen on every port.'];
    case 'ports':
      return [`It can connect to ${portsOf(profile.tcpConnect)}.`, `It can listen on ${portsOf(profile.tcpBind)}.`];
  }
}

function portsOf(ports: readonly number[] | 'any'): string {
  if (ports === 'any') return 'every TCP port';
  return ports.length === 0 ? 'no TCP port' : `TCP port ${ports.join(', ')}`;
}
