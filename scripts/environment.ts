/** Where the development tools keep what they fetch, and the environment their children get. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const root = dirname(import.meta.dirname);

/** Shared by all clones of one person: an editor or a browser is fetched once for each of its versions. */
export function cacheFolder(): string {
  const systemCache = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return process.env.AGOR_CACHE_DIR ?? join(process.env.XDG_CACHE_HOME ?? systemCache, 'agor-dev');
}

const isOuter = /^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|AGOR_)/i;
/** Where the person's settings are: npm looks for the global ones beside the Node that runs it, which is another here. */
const isNpmSetting = /^npm_config_(globalconfig|userconfig|registry|cafile|ca|cache|proxy|https_proxy|noproxy|strict_ssl)$/i;

/**
 * Without what an outer npm or VS Code exports: install scripts believe the outer npm's user agent, and an inner VS Code
 * would attach itself to the outer one. The Node that runs this comes first on PATH.
 */
export function scrubbedEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (isNpmSetting.test(name) || !isOuter.test(name))) kept[name] = value;
  }
  kept.PATH = dirname(process.execPath) + delimiter + (process.env.PATH ?? '');
  return kept;
}

/** Runs npm in a folder with its output shown, and answers its exit code. */
export function runNpm(folder: string, args: readonly string[]): number {
  const npmScript = process.env.npm_execpath;
  const [command, prefix] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript]] : ['npm', []];
  const env = { ...scrubbedEnvironment(), ...nodeHeaders() };
  const shell = process.platform === 'win32' && !npmScript;
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return (
    spawnSync(command, [...prefix, ...args, ...quiet], { cwd: folder, env, shell, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
  );
}

/** The packaged Node carries its headers, so that an addon compiles without a download. */
function nodeHeaders(): Record<string, string> {
  const nodeFolder = dirname(dirname(process.execPath));
  return existsSync(join(nodeFolder, 'include', 'node', 'node.h')) ? { npm_config_nodedir: nodeFolder } : {};
}

/** The first of the names that is an executable on PATH. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}
