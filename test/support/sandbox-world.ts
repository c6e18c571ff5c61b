/** A project with a repository, an agent's folders and a data directory, and the profile of a plain agent in them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NetworkAccess, SandboxMode, SandboxPath } from '../../server/protocol/sandbox.ts';
import { usableAbi } from '../../server/sandbox/landlock.ts';
import { loadLibc } from '../../server/sandbox/libc.ts';
import type { SandboxProfile, SandboxRequest } from '../../server/sandbox/request.ts';

export type SandboxWorld = {
  readonly root: string;
  readonly projectDir: string;
  readonly dataDir: string;
  readonly agentDir: string;
  readonly homeDir: string;
  request(plan?: { mode?: SandboxMode; network?: NetworkAccess; ports?: number[] }): SandboxRequest;
  profile(network?: Partial<Pick<SandboxProfile, 'tcpConnect' | 'tcpBind' | 'hasNetwork'>>): SandboxProfile;
  remove(): void;
};

/** Below the temporary folder, or another one where the tests run as somebody who may not go there. */
export function createSandboxWorld(parent = tmpdir()): SandboxWorld {
  const root = realpathSync(mkdtempSync(join(parent, 'agor-box-')));
  const [projectDir, dataDir, homeDir] = [join(root, 'project'), join(root, 'data'), join(root, 'home')];
  const agentDir = join(dataDir, 'agents', 'a1', 'agent');
  for (const folder of [homeDir, join(dataDir, 'run'), join(agentDir, 'tmp')]) mkdirSync(folder, { recursive: true });
  execFileSync('git', ['init', '--quiet', projectDir]);
  return {
    ...{ root, projectDir, dataDir, agentDir, homeDir },
    request: ({ mode = 'preferred', network = 'open', ports = [] } = {}) => ({
      plan: { mode, network, ports, readWritePaths: [], readOnlyPaths: [] },
      provider: 'acp',
      credentials: 'login',
      command: [process.execPath],
      ...{ projectDir, agentDir, dataDir, homeDir },
      environment: { PATH: '/usr/bin:/bin', HOME: homeDir, TMPDIR: join(agentDir, 'tmp') },
      ownPaths: [process.execPath],
    }),
    profile: (network) => ({
      paths: [...systemPaths, ...agentPaths(projectDir, agentDir, dataDir)],
      ...{ tcpConnect: 'any', tcpBind: 'any', hasNetwork: true, ...network },
      temporaryDir: join(agentDir, 'tmp'),
    }),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** Bubblewrap may be installed and yet not be allowed to do anything. */
export function hasBubblewrap(): boolean {
  return process.platform === 'linux' && spawnSync('/usr/bin/bwrap', ['--ro-bind', '/', '/', 'true']).status === 0;
}

/** 0 where there is none. */
export function landlockHere(): number {
  return process.platform === 'linux' ? usableAbi(loadLibc(), Number.POSITIVE_INFINITY) : 0;
}

const systemPaths = ['/usr', '/bin', '/lib', '/lib64', '/etc', dirname(process.execPath)].map((path) => entry(path, 'read'));

function agentPaths(projectDir: string, agentDir: string, dataDir: string): SandboxPath[] {
  const guarded = ['.git/hooks', '.git/config', '.vscode', '.mcp.json'].map((name) => entry(join(projectDir, name), 'protected'));
  return [entry(dataDir, 'hidden'), entry(projectDir, 'write'), entry(agentDir, 'write'), ...guarded];
}

export function entry(path: string, access: SandboxPath['access']): SandboxPath {
  return { path, access, why: 'for a test' };
}
