/** What the agent's own program needs: the place it is installed in, and what it keeps of the person's. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { SandboxPath } from '../protocol/sandbox.ts';
import type { FileFacts } from './file-facts.ts';
import { besidePrograms } from './home-places.ts';
import { codexGuarded, codexHome, programOf } from './known-programs.ts';
import { isOutOfBounds } from './profile-tools.ts';
import type { SandboxRequest } from './request.ts';

type Ground = Pick<SandboxRequest, 'command' | 'provider' | 'credentials' | 'agentDir' | 'homeDir' | 'dataDir'>;

/**
 * In a Claude Code agent's own config folder, laid down by the sidecar before each start: what the program obeys. An agent
 * that could change it would answer its own questions.
 */
export const claudeGuardedNames = ['settings.json', 'CLAUDE.md', 'agents', 'commands', 'output-styles', 'rules', 'skills'];

const maxInterpreters = 2;

export function programPaths(request: Ground, files: FileFacts): SandboxPath[] {
  return [...installation(request, files), ...ofProvider(request, files)];
}

function ofProvider({ provider, credentials, command, agentDir, homeDir }: Ground, files: FileFacts): SandboxPath[] {
  const logins = () =>
    (credentials === 'login' ? (programOf(provider, command)?.logins ?? []) : [])
      .map(({ owner }) => join(homeDir, owner))
      .filter((path) => files.kind(path) === 'file')
      .map((path): SandboxPath => ({ path, access: 'write', why: 'the login of the program, which it renews' }));
  switch (provider) {
    case 'claude':
      return [
        ...guarded(claudeGuardedNames, join(agentDir, 'claude'), files),
        ...(credentials === 'login' ? [readable(join(homeDir, '.claude', 'hooks'), "scripts that your Claude Code's settings run")] : []),
      ];
    case 'codex':
      return [...codexObeys(agentDir, files), ...logins()];
    case 'acp':
      return [...(programOf(provider, command) === codexHome ? codexObeys(agentDir, files) : []), ...logins()];
    case 'demo':
      return [];
  }
}

function codexObeys(agentDir: string, files: FileFacts): SandboxPath[] {
  return guarded([...codexGuarded.files, ...codexGuarded.folders], join(agentDir, 'codex'), files);
}

function guarded(names: readonly string[], folder: string, files: FileFacts): SandboxPath[] {
  const paths = names.map((name) => join(folder, name)).filter((path) => files.kind(path) !== null);
  return paths.map((path) => ({ path, access: 'protected', why: 'what the program obeys' }));
}

/** Of the program and of whatever its script is run by. Arguments that are files belong to it: `node /path/to/agent.js`. */
function installation(request: Ground, files: FileFacts): SandboxPath[] {
  const scripts = request.command.filter((part) => isAbsolute(part) && files.kind(part) === 'file');
  const paths = scripts.flatMap((script) => installedAt(script, request, files, maxInterpreters));
  return [...new Set(paths)].map((path) => readable(path, 'the program'));
}

function installedAt(program: string, request: Ground, files: FileFacts, interpreters: number): string[] {
  const real = files.realPath(program);
  if (real === null) return [];
  const interpreter = /^#!\s*(\/\S+)/.exec(files.text(real)?.slice(0, 256) ?? '')?.[1];
  const runBy = interpreter === undefined || interpreters === 0 ? [] : installedAt(interpreter, request, files, interpreters - 1);
  const around = surroundings(real).filter((path) => !isOutOfBounds(path, request));
  return [program, ...around, ...runBy];
}

/** A package lies among those that it needs; a program in `bin` has the rest beside that. */
function surroundings(real: string): string[] {
  const parts = real.split('/');
  const packages = parts.indexOf('node_modules');
  if (packages !== -1) return [parts.slice(0, packages + 1).join('/')];
  const folder = dirname(real);
  return basename(folder) === 'bin' ? besidePrograms.map((name) => join(dirname(folder), name)) : [];
}

function readable(path: string, why: string): SandboxPath {
  return { path, access: 'read', why };
}
