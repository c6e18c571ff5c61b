/** The life of a process that owns a data directory: what it opens, who hears of it, and how it ends in order. */
import { mkdirSync } from 'node:fs';
import { newToken } from './auth/token.ts';
import { readBuildInfo } from './base/build-info.ts';
import type { DataPaths } from './base/data-paths.ts';
import { type OwnerLock, takeOwnerLock } from './base/owner-lock.ts';
import { processIdentity } from './base/process-identity.ts';
import { asStorageError } from './base/storage-error.ts';
import { writeFileWhole } from './base/write-file-whole.ts';
import { levelProblem } from './log/log-level.ts';
import { createLogger, type Logger, type LogOptions } from './log/logger.ts';
import { AgorError } from './protocol/errors.ts';
import type { BuildInfo } from './protocol/health.ts';
import { LogLevel } from './protocol/requests.ts';
import { createServer, type Server } from './server.ts';
import type { ServerOptions } from './server-options.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { openStores } from './stores.ts';

/** The process, as it differs between one that a window started and a service. */
export type Manner = {
  /** Whether it was meant to run for good: see `OwnerRecord`. */
  readonly isService: boolean;
  readonly endingSignals: readonly NodeJS.Signals[];
  readonly roundEveryMs?: number | undefined;
  readonly show?: LogOptions['show'];
  readonly exitCodes: { readonly crashed: number; readonly handedOver: number };
};

export type Owned = Pick<ServerOptions, 'config' | 'paths' | 'givenSecrets'> & { readonly lock: OwnerLock; readonly manner: Manner };

export type Alive = {
  readonly server: Server;
  readonly logger: Logger;
  readonly build: BuildInfo;
  readonly end: End;
  /** Closed before anything else, when the end begins. */
  readonly ending: (close: () => void | Promise<void>) => void;
};

/** Returns once callers are taken in. */
export async function live({ config, paths, lock, givenSecrets, manner }: Owned): Promise<Alive> {
  let server: Server | undefined;
  const build = readBuildInfo(config.programDir);
  const token = newToken();
  const onRecord = (record: { level: LogLevel; message: string }) => server?.tell('log/written', record);
  const logger = createLogger({ dir: paths.logs, level: config.logLevel, build, onRecord, show: manner.show });
  const unknownLevel = levelProblem(process.env);
  if (unknownLevel) logger.warn(unknownLevel);
  const stores = openStores(paths);
  for (const problem of stores.problems()) logger.error(problem);
  const first: (() => void | Promise<void>)[] = [];
  const close = async () => {
    const failed = (err: unknown) => logger.error({ err }, 'closing failed');
    for (const closeFirst of first) await Promise.resolve(closeFirst()).catch(failed);
    // The socket goes first and the lock last, so that the next owner never meets this one's socket.
    await server?.close().catch(failed);
    stores.close();
    lock.release();
  };
  const end = onceEnding(logger, close, () => server?.isStuck() === true);
  server = createServer({
    ...{ config, paths, build, stores, givenSecrets, token, end, isService: manner.isService, roundEveryMs: manner.roundEveryMs },
    handOver: () => end('a newer build takes over', manner.exitCodes.handedOver),
    level: levelOf(logger),
    log: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
  });
  endOnSignals(logger, end, manner);
  writeFileWhole(paths.token, token);
  await server.open();
  writeOwnerRecord(paths, build, manner);
  logger.info({ dataDir: paths.dataDir, node: process.version }, 'backend ready');
  return { server, logger, build, end, ending: (closeFirst) => void first.push(closeFirst) };
}

export type End = (reason: string, code?: number) => void;

/** Node would wait for a thread that is inside a long statement; everything of record is closed by then. */
function exit(code: number, isStuck: boolean): void {
  if (isStuck) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

function onceEnding(logger: Logger, close: () => Promise<void>, isStuck: () => boolean): End {
  let isEnding = false;
  return (reason, code = 0) => {
    if (isEnding) return;
    isEnding = true;
    logger.info({ reason }, 'backend ends');
    void close().finally(() => exit(code, isStuck()));
  };
}

function endOnSignals(logger: Logger, end: End, { endingSignals, exitCodes }: Manner): void {
  process.on('SIGHUP', () => {});
  for (const signal of endingSignals) process.on(signal, () => end(signal));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      logger.fatal({ err }, event);
      end(event, exitCodes.crashed);
    });
  }
}

function levelOf(logger: Logger) {
  return {
    get: () => LogLevel.parse(logger.level),
    set: (level: LogLevel) => {
      logger.level = level;
    },
  };
}

/** Undefined when another process owns the directory. */
export function takeLock(paths: DataPaths): OwnerLock | undefined {
  try {
    for (const folder of [paths.dataDir, paths.run, paths.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return takeOwnerLock(paths.ownerLock, nativeBindingPath());
  } catch (error) {
    throw asStorageError(error, paths.run);
  }
}

function writeOwnerRecord(paths: DataPaths, build: BuildInfo, { isService }: Manner): void {
  const self = processIdentity(process.pid);
  const { startTime, bootId } = self ?? { startTime: '', bootId: '' };
  const record = { pid: process.pid, startTime, bootId, build, socketPath: paths.socket, startedAt: Date.now(), isService };
  writeFileWhole(paths.ownerRecord, JSON.stringify(record));
}

/** What a program that could not start says of it: its code and one sentence. */
export function startFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AgorError) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
