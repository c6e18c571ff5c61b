/** The profile of an agent over files that are only told of, and what would hold in it. */
import assert from 'node:assert/strict';
import type { SandboxPath, SandboxPlan } from '../../server/protocol/sandbox.ts';
import { sandboxProfile } from '../../server/sandbox/profile.ts';
import type { SandboxRequest } from '../../server/sandbox/request.ts';
import { fakeFiles } from './fake-files.ts';

export const plan: SandboxPlan = { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] };

const machine = {
  '/usr/bin/bash': '',
  '/usr/bin/node': '',
  '/usr/lib/libc.so': '',
  '/bin': '-> usr/bin',
  '/etc/passwd': '',
  '/etc/resolv.conf': '-> ../run/resolve/stub.conf',
  '/run/resolve/stub.conf': 'nameserver',
  '/home/ada/.gitconfig': '',
  '/home/ada/.ssh/id_ed25519': 'key',
  '/home/ada/.bashrc': '',
  '/home/ada/code/app/.git/HEAD': '',
  '/home/ada/code/app/.git/config': '[core]\n\tbare = false\n',
};

export const base: SandboxRequest = {
  plan,
  provider: 'acp',
  credentials: 'secret',
  command: ['/usr/bin/agent'],
  projectDir: '/home/ada/code/app',
  agentDir: '/home/ada/.local/share/agor/agents/1/agent',
  dataDir: '/home/ada/.local/share/agor',
  homeDir: '/home/ada',
  environment: { PATH: '/usr/bin', TMPDIR: '/home/ada/.local/share/agor/agents/1/agent/tmp/0a' },
  ownPaths: ['/usr/bin/node'],
};

export function profileOf(request: Partial<SandboxRequest> = {}, files: Readonly<Record<string, string>> = {}) {
  return sandboxProfile({ ...base, ...request }, fakeFiles({ ...machine, ...files }));
}

/** What would hold for the path: the innermost entry around it, and of two for one path the later one. */
function accessOf(paths: readonly SandboxPath[], path: string): SandboxPath['access'] | 'none' {
  const around = paths.filter((entry) => path === entry.path || path.startsWith(entry.path === '/' ? '/' : `${entry.path}/`));
  return around.toSorted((one, other) => one.path.length - other.path.length).at(-1)?.access ?? 'none';
}

export function assertAccess(paths: readonly SandboxPath[], expected: Readonly<Record<string, SandboxPath['access'] | 'none'>>): void {
  const found = Object.fromEntries(Object.keys(expected).map((path) => [path, accessOf(paths, path)]));
  assert.deepEqual(found, expected);
}
