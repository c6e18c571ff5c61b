/** Decides what an agent's program may read, what it may write and what it must not touch; the kernel's part is the fence's. */
import { isAbsolute, join, normalize } from 'node:path';
import type { SandboxPath } from '../protocol/sandbox.ts';
import { doorOutside } from './door.ts';
import { endpointPorts } from './endpoint-ports.ts';
import { type FileFacts, fileFacts } from './file-facts.ts';
import { gitLayout } from './git-layout.ts';
import { secretPlaces, startPlaces } from './home-places.ts';
import { programPaths } from './profile-program.ts';
import { systemPaths } from './profile-system.ts';
import { toolPaths } from './profile-tools.ts';
import { protectedPaths } from './protected.ts';
import type { SandboxProfile, SandboxRequest } from './request.ts';
import { isWithin } from './resolved-path.ts';

export function sandboxProfile(request: SandboxRequest, files: FileFacts = fileFacts): SandboxProfile {
  const written = writtenFolders(request);
  const tools = [...toolPaths(request, files), ...programPaths(request, files)];
  const system = systemPaths(files);
  const given = [...system, ...outside(tools, [...system, ...written], files), ...gitOutside(request, files), ...written];
  return {
    paths: [
      ...given,
      ...request.plan.readOnlyPaths.map((path): SandboxPath => ({ path, access: 'read', why: 'added by you' })),
      ...homePlaces(request, files),
      { path: request.dataDir, access: 'hidden', why: 'messages, tokens and the audit trail' },
      ...request.ownPaths.map((path): SandboxPath => ({ path, access: 'read', why: 'programs of Agent Orchestrator' })),
      { path: request.agentDir, access: 'write', why: "the agent's own folder" },
      ...doorOutside(request).map((path): SandboxPath => ({ path, access: 'read', why: 'the way to its sidecar' })),
      ...tools.filter(({ access }) => access !== 'read'),
      ...written.flatMap(({ path, access }) => (access === 'read' || path === request.agentDir ? [] : protectedPaths(path, files))),
    ],
    ...networkOf(request),
    temporaryDir: temporaryDirOf(request),
  };
}

/** Outermost first: the agent's own folder may lie in one that was added. */
function writtenFolders({ projectDir, plan }: SandboxRequest): SandboxPath[] {
  const project: SandboxPath = plan.isTightened
    ? { path: projectDir, access: 'read', why: 'the project, which no agent writes during the incident' }
    : { path: projectDir, access: 'write', why: 'the project' };
  return [project, ...plan.readWritePaths.map((path): SandboxPath => ({ path, access: 'write', why: 'added by you' }))];
}

/** Only what is there and not given already, each once. A tool in the project stays as writable as the rest of it. */
function outside(paths: readonly SandboxPath[], given: readonly SandboxPath[], files: FileFacts): SandboxPath[] {
  const folders = given.filter(({ access }) => access !== 'hidden').map(({ path }) => files.realPath(path) ?? path);
  const byPath = new Map(paths.filter(({ access }) => access === 'read').map((entry) => [entry.path, entry]));
  return [...byPath.values()].filter(({ path }) => {
    const real = files.realPath(path);
    return real !== null && !folders.some((folder) => isWithin(real, folder));
  });
}

/** What a commit in a worktree, or in a submodule, writes outside of the project; the rest of that repository can be read. */
function gitOutside({ projectDir, plan }: SandboxRequest, files: FileFacts): SandboxPath[] {
  const layout = gitLayout(projectDir, files);
  if (layout === null || isWithin(layout.gitDir, projectDir)) return [];
  const why = 'git data of the project';
  const access = plan.isTightened ? 'read' : 'write';
  if (layout.kind === 'own') return [{ path: layout.gitDir, access, why }];
  const { commonDir, gitDir } = layout;
  const written = [...['objects', 'refs', 'logs'].map((name) => join(commonDir, name)), gitDir];
  return [{ path: commonDir, access: 'read', why }, ...written.map((path): SandboxPath => ({ path, access, why }))];
}

/** Only where the person gave a folder that they lie in: otherwise nothing of the home folder is there anyway. */
function homePlaces({ plan, projectDir, homeDir }: SandboxRequest, files: FileFacts): SandboxPath[] {
  const writable = plan.isTightened ? [] : [projectDir, ...plan.readWritePaths];
  const readable = [projectDir, ...plan.readWritePaths, ...plan.readOnlyPaths];
  const isInside = (path: string, folders: readonly string[]) =>
    !folders.includes(path) && folders.some((folder) => isWithin(path, folder));
  const found = (names: readonly string[], folders: readonly string[]) =>
    names.map((name) => join(homeDir, name)).filter((path) => isInside(path, folders) && files.kind(path) !== null);
  return [
    ...found(secretPlaces, readable).map((path): SandboxPath => ({ path, access: 'hidden', why: 'keys, logins and what you typed' })),
    ...found(startPlaces, writable).map((path): SandboxPath => ({ path, access: 'protected', why: 'your terminals and programs run it' })),
  ];
}

function networkOf({ plan, environment }: SandboxRequest): Pick<SandboxProfile, 'hasNetwork' | 'tcpConnect' | 'tcpBind'> {
  switch (plan.network) {
    case 'none':
      return { hasNetwork: false, tcpConnect: [], tcpBind: [] };
    case 'ports':
      return { hasNetwork: true, tcpConnect: [...new Set([...plan.ports, ...endpointPorts(environment)])], tcpBind: [] };
    case 'open':
      return { hasNetwork: true, tcpConnect: 'any', tcpBind: 'any' };
  }
}

/** Never one that others use too, even when the environment names it. */
function temporaryDirOf({ environment, agentDir }: SandboxRequest): string {
  const named = normalize(environment.TMPDIR ?? '');
  return isAbsolute(named) && isWithin(named, agentDir) ? named : join(agentDir, 'tmp');
}
