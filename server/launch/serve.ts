/** Runs the backend as the program in the foreground, and tries a build out before it is used. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileCacheOf } from '../base/compile-cache.ts';
import { dataPaths } from '../base/data-paths.ts';
import { isSecretVariable } from '../base/secret-name.ts';
import { asStorageError } from '../base/storage-error.ts';
import { youngHeapFlags } from '../base/young-heap.ts';
import { AgorError } from '../protocol/errors.ts';
import { ensureRuntime } from './runtime.ts';
import { backendEnvironment } from './start-backend.ts';

export type ServeWish = {
  readonly dataDir: string;
  readonly distDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** A descriptor that brings secrets. */
  readonly secretsFd: number | undefined;
};

/** Becomes the service and never returns; rejects when it cannot be started. The process stays the same one, so whoever started it can end it. */
export async function becomeService({ dataDir, distDir, env, secretsFd }: ServeWish): Promise<never> {
  const program = serveProgram(prepareRuntime(distDir, dataDir));
  const args = [dataDir, ...(secretsFd === undefined ? [] : ['--secrets-fd', String(secretsFd)])];
  const kept = serviceEnvironment(env);
  // A new program in our place has an environment without secrets from its first moment on; but descriptors do not go along.
  if (secretsFd === undefined && process.execve) {
    const asService = [process.execPath, ...youngHeapFlags, program, ...args];
    return process.execve(process.execPath, asService, { ...kept, ...compileCacheOf(program) });
  }
  refuseSecretVariables(env);
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
  process.argv = [process.execPath, program, ...args];
  // A command that nobody reads any more ends; a service goes on.
  process.stdout.removeAllListeners('error');
  process.stderr.removeAllListeners('error');
  await import(pathToFileURL(program).href);
  return new Promise<never>(() => {});
}

/** What a backend gets, and whether a person develops. */
function serviceEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...backendEnvironment(env), ...(env.NODE_ENV === undefined ? {} : { NODE_ENV: env.NODE_ENV }) };
}

/** For the service itself, which a unit starts directly: begins anew without secrets in its environment, if there are any. */
export function shedSecretVariables(): void {
  if (secretVariables(process.env).length === 0 || !process.execve) return;
  const [, program = '', ...args] = process.argv;
  const kept = { ...serviceEnvironment(process.env), ...compileCacheOf(program) };
  process.execve(process.execPath, [process.execPath, ...process.execArgv, program, ...args], kept);
}

function secretVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => isSecretVariable(name, env[name]));
}

const smokeTestMs = 10_000;

/** Whether the build in `distDir` works: with `copy`, a data directory of its own that is migrated, or with empty databases. Throws why not. */
export function smokeTest(distDir: string, copy?: string): void {
  if (copy !== undefined) return tryOut(distDir, copy);
  const scratch = mkdtempSync(join(tmpdir(), 'agor-smoke-test-'));
  try {
    tryOut(distDir, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tryOut(distDir: string, dataDir: string): void {
  const { status, stderr, error } = spawnSync(process.execPath, [serveProgram(distDir), dataDir, '--smoke-test'], {
    encoding: 'utf8',
    env: backendEnvironment(process.env),
    timeout: smokeTestMs,
    killSignal: 'SIGKILL',
  });
  if (status === 0) return;
  if (error && 'code' in error && error.code === 'ETIMEDOUT')
    throw new AgorError('unavailable', `The build did not open the databases of ${dataDir} within ${smokeTestMs / 1000} s.`);
  const reason =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^error: /, '') ||
    error?.message ||
    'it gave no reason';
  throw new AgorError('unavailable', `The build cannot be used: ${reason}`);
}

function serveProgram(dir: string): string {
  const program = ['serve.js', 'serve.ts'].map((name) => join(dir, name)).find(existsSync);
  if (program) return program;
  throw new AgorError('unavailable', `The service's program is missing in ${dir}. Install Agent Orchestrator again.`);
}

function prepareRuntime(distDir: string, dataDir: string): string {
  const paths = dataPaths(dataDir);
  try {
    for (const folder of [paths.dataDir, paths.runtime]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asStorageError(error, dataDir);
  }
  return ensureRuntime(distDir, paths);
}

/** They would stay readable in the environment that the process began with. */
export function refuseSecretVariables(env: NodeJS.ProcessEnv): void {
  const names = secretVariables(env);
  if (names.length === 0) return;
  throw new AgorError(
    'badRequest',
    `Secrets come by the descriptor or from the environment, not both: unset ${names.join(', ')} and try again.`,
  );
}
