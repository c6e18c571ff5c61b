/** Which tools of the person's an agent may use: what its PATH and its environment name, read only. */
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { SandboxPath } from '../protocol/sandbox.ts';
import type { FileFacts } from './file-facts.ts';
import { besidePrograms, gitConfigFiles, toolFolders } from './home-places.ts';
import type { SandboxRequest } from './request.ts';
import { isWithin } from './resolved-path.ts';

type Ground = Pick<SandboxRequest, 'environment' | 'homeDir' | 'dataDir'>;

/** Variables by which a person names an installation, or certificates that the machine has not. */
const namingVariables = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'JAVA_HOME',
  'GOROOT',
  'RUSTUP_HOME',
  'PYENV_ROOT',
  'ANDROID_HOME',
  'DOTNET_ROOT',
];

export function toolPaths(request: Ground, files: FileFacts): SandboxPath[] {
  const folders = (request.environment.PATH ?? '').split(':').filter((folder) => isAbsolute(folder) && !isOutOfBounds(folder, request));
  const named = namingVariables
    .map((name) => request.environment[name] ?? '')
    .filter((path) => isAbsolute(path) && !isOutOfBounds(path, request));
  return [
    ...folders.flatMap((folder) => programFolder(folder, request, files)),
    ...named.map((path) => readable(path, 'the environment names it')),
    ...gitConfigFiles.map((name) => readable(join(request.homeDir, name), "git's own configuration")),
  ];
}

/** A folder of programs, and what those in it cannot do without. */
function programFolder(folder: string, request: Ground, files: FileFacts): SandboxPath[] {
  const real = files.realPath(folder) ?? folder;
  if (isOutOfBounds(real, request)) return [];
  const beside = besidePrograms.map((name) => join(dirname(real), name));
  const inHome = `${relative(request.homeDir, real)}/`;
  const ofTools = Object.entries(toolFolders).flatMap(([prefix, given]) => (inHome.startsWith(prefix) ? given : []));
  return [
    readable(folder, 'programs on its PATH'),
    ...beside.map((path) => readable(path, 'what programs on its PATH need')),
    ...ofTools.map((name) => readable(join(request.homeDir, name), 'what programs on its PATH need')),
  ];
}

/** What holds the person's home, or everything, is named by mistake; and of our data an agent sees what it is given. */
export function isOutOfBounds(path: string, { homeDir, dataDir }: Pick<SandboxRequest, 'homeDir' | 'dataDir'>): boolean {
  return isWithin(homeDir, path) || isWithin(dataDir, path) || isWithin(path, dataDir);
}

function readable(path: string, why: string): SandboxPath {
  return { path, access: 'read', why };
}
