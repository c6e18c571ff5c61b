/** Starts the backend as a process that outlives whoever starts it. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { compileCacheOf } from '../base/compile-cache.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { isSecretVariable } from '../base/secret-name.ts';
import { asStorageError } from '../base/storage-error.ts';
import { youngHeapFlags } from '../base/young-heap.ts';
import { AgorError, ErrorCode } from '../protocol/errors.ts';

const fullBelowBytes = 256 * 1024;
const keptLogBytes = 64 * 1024;

const StartFailure = z.object({ code: ErrorCode, message: z.string() });

export type StartOptions = {
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Ends it by force. */
  readonly signal?: AbortSignal;
};

/**
 * Resolves when the process has ended: undefined when another backend owns the directory, else why it could not
 * start. While it runs, the promise is pending.
 */
export function startBackend(runtimeDir: string, paths: DataPaths, options: StartOptions = {}): Promise<AgorError | undefined> {
  const { env = process.env, signal } = options;
  const program = ['backend.js', 'backend.ts'].map((name) => join(runtimeDir, name)).find(existsSync);
  if (!program)
    return Promise.resolve(
      new AgorError('unavailable', `The backend's program is missing in ${runtimeDir}. Install Agent Orchestrator again.`),
    );
  const errorLog = join(paths.logs, 'backend-start.log');
  const errors = openErrorLog(errorLog);
  // Two that start at once write into one file: each reads from where it began.
  const start = fstatSync(errors).size;
  try {
    const child = spawn(process.execPath, [...youngHeapFlags, program, paths.dataDir], {
      detached: true,
      stdio: ['ignore', 'ignore', errors],
      cwd: paths.dataDir,
      env: { ...backendEnvironment(env), ...compileCacheOf(program) },
      windowsHide: true,
    });
    child.unref();
    signal?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    return new Promise((resolve) => {
      child.once('error', (cause) =>
        resolve(new AgorError('unavailable', `The backend could not be started: ${cause.message}`, { cause })),
      );
      // Ended by a signal it has no reason to give: whoever waits tries again until its time is up.
      child.once('exit', (code) => resolve(code === 0 || code === null ? undefined : startFailure(errorLog, start)));
    });
  } finally {
    closeSync(errors);
  }
}

function openErrorLog(path: string): number {
  try {
    const isLong = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > keptLogBytes;
    return openSync(path, isLong ? 'w' : 'a', 0o600);
  } catch (error) {
    throw asStorageError(error, path);
  }
}

const isStarters = /^(VSCODE_|ELECTRON_|npm_|(NODE_OPTIONS|NODE_COMPILE_CACHE|NODE_PATH|NODE_ENV|GIT_ASKPASS|AGOR_RUN_TOKEN)$)/i;

/** Nothing of the starter's editor or package manager, and no secret, goes into a process that lives for days. */
export function backendEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name, value]) => !isStarters.test(name) && !isSecretVariable(name, value));
  return { ...Object.fromEntries(kept), ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
}

/** The backend's last line on stderr is its reason, as JSON. */
function startFailure(errorLog: string, start: number): AgorError {
  const last = lastLine(errorLog, start);
  try {
    const { code, message } = StartFailure.parse(JSON.parse(last));
    return new AgorError(code, message);
  } catch {
    if (last === '' && isFull(errorLog))
      return new AgorError(
        'storage',
        `The disk that holds ${errorLog} is full. Free some space and try again; nothing that was acknowledged is lost.`,
      );
    return new AgorError('unavailable', `The backend ended while it was starting: ${last || 'it gave no reason'}. See ${errorLog}.`);
  }
}

function lastLine(errorLog: string, start: number): string {
  try {
    const text = readFileSync(errorLog).subarray(start).toString('utf8').trim();
    return text.slice(text.lastIndexOf('\n') + 1);
  } catch {
    // Whoever removed it, there is no reason to be had.
    return '';
  }
}

/** A process that cannot write its reason down most likely ended because of that. */
function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < fullBelowBytes;
  } catch {
    return false;
  }
}
