/**
 * A real agent program, for tests only: fetched once from the npm registry into the user's cache and never part of the
 * product. Safe to call from several test processes at the same time.
 */
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { scrubbedEnvironment } from '../../scripts/environment.ts';

export type FetchedProgram = {
  readonly packageName: string;
  readonly version: string;
  /** Of the folder in the cache. */
  readonly name: string;
  /** Below the folder that it is installed in. */
  readonly binary: readonly string[];
};

const stampName = '.complete';
const installTimeoutMs = 300_000;
const run = promisify(execFile);

/** The absolute path of the program's binary, installed first if needed. */
export async function fetchProgram(program: FetchedProgram): Promise<string> {
  const folder = path.join(cacheFolder(), `${program.name}-${program.version}`);
  if (!(await exists(path.join(folder, stampName)))) await install(program, folder);
  const binary = path.join(folder, ...program.binary);
  await chmod(binary, 0o755);
  return binary;
}

export function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'agor-dev');
}

async function install({ packageName, version, binary }: FetchedProgram, folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}.new-`);
  try {
    await writeFile(path.join(fresh, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', `${packageName}@${version}`];
    await run('npm', args, { cwd: fresh, env: scrubbedEnvironment(), timeout: installTimeoutMs });
    await access(path.join(fresh, ...binary));
    await writeFile(path.join(fresh, stampName), '');
    await putInPlace(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Whoever renames first wins; the folder of a process that lost, or an unfinished one of old, is thrown away. */
async function putInPlace(fresh: string, folder: string): Promise<void> {
  if (await exists(path.join(folder, stampName))) return;
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!(await exists(path.join(folder, stampName)))) throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false; // Not there, or not readable: either way it has to be made.
  }
}
