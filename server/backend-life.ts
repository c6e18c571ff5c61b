/** The life of a process that owns a data directory: what it opens, who hears of it, and how it ends in order. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newToken } from './auth/token.ts';
import { readBuildInfo } from './base/build-info.ts';
import type { DataPaths } from './base/data-paths.ts';
import { type OwnerLock, takeOwnerLock } from './base/owner-lock.ts';
import { processIdentity } from './base/process-identity.ts';
import { asStorageError } from './base/storage-error.ts';
import { writePassingFile } from './base/write-file-whole.ts';
import { levelProblem } from './log/log-level.ts';
import { createLogger, type Logger, type LogOptions } from './log/logger.ts';
import { AgorError } from './protocol/errors.ts';
import type { BuildInfo } from './protocol/health.ts';
import { LogLevel } from './protocol/requests.ts';
import { createServer, type Server } from './server.ts';
import type { ServerOptions } from './server-options.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { finishRestore } from './store/restoring.ts';
import { openStores } from './stores.ts';
import { settleUpgrade, UpgradeCourse } from './wiring/upgrade-course.ts';

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

/** Returns once callers are taken in. Where another build is to serve, this process becomes that one. */
export async function live(owned: Owned): Promise<Alive> {
  const { config, paths, lock, givenSecrets, manner } = owned;
  let server: Server | undefined;
  const build = readBuildInfo(config.programDir);
  const onRecord = (record: { level: LogLevel; message: string }) => server?.tell('log/written', record);
  const logger = createLogger({ dir: paths.logs, level: config.logLevel, build, onRecord, show: manner.show });
  const unknownLevel = levelProblem(process.env);
  if (unknownLevel) logger.warn(unknownLevel);
  const log = (message: string, fields: Record<string, unknown>) => logger.info(fields, message);
  const upgrading = { paths, build, programDir: config.programDir, now: () => Date.now(), log };
  // What an upgrade keeps of the databases is what a restore has put there.
  finishRestore(paths.dataDir, paths.searchDb);
  const other = settleUpgrade(upgrading);
  if (other !== undefined) become(other, { lock, isService: manner.isService, hasSecrets: givenSecrets.size > 0 });
  const course = new UpgradeCourse(upgrading);
  try {
    const alive = await serve({ ...owned, build, logger, course }, (made) => {
      server = made;
    });
    return alive;
  } catch (error) {
    course.failed(error);
    throw error;
  }
}

type Serving = Owned & Pick<Alive, 'build' | 'logger'> & { readonly course: UpgradeCourse };

async function serve({ course, ...owned }: Serving, made: (server: Server) => void): Promise<Alive> {
  const { config, paths, lock, givenSecrets, manner, build, logger } = owned;
  const token = newToken();
  const stores = openStores(paths, course.begin());
  for (const problem of stores.problems()) logger.error(problem);
  const first: (() => void | Promise<void>)[] = [];
  const close = async (code: number) => {
    const failed = (err: unknown) => logger.error({ err }, 'closing failed');
    if (code === manner.exitCodes.crashed) course.failed('a defect ended it');
    else course.finish(stores);
    for (const closeFirst of first) await Promise.resolve(closeFirst()).catch(failed);
    // The socket goes first and the lock last, so that the next owner never meets this one's socket.
    await server.close().catch(failed);
    stores.close();
    lock.release();
  };
  const end = onceEnding(logger, close, () => server.isStuck());
  const server = createServer({
    ...{ config, paths, build, stores, givenSecrets, token, end, isService: manner.isService, roundEveryMs: manner.roundEveryMs },
    acknowledged: course.after,
    handOver: (reason) => end(reason, manner.exitCodes.handedOver),
    level: levelOf(logger),
    log: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
  });
  made(server);
  endOnSignals(logger, end, manner);
  writePassingFile(paths.token, token);
  course.holdAnswers(stores.written);
  await server.open();
  writeOwnerRecord(paths, build, manner);
  const giveUp = () => end('the new build does not work', manner.exitCodes.crashed);
  course.opened(stores, { check: () => server.health.get(), giveUp });
  server.tellOfUpgrade();
  logger.info({ dataDir: paths.dataDir, node: process.version }, 'backend ready');
  return { server, logger, build, end, ending: (closeFirst) => void first.push(closeFirst) };
}

type Yielding = { readonly lock: OwnerLock; readonly isService: boolean; readonly hasSecrets: boolean };

/** The build that proved itself serves in this process; where a process cannot change its program, whoever started it starts that one. */
function become(programDir: string, { lock, isService, hasSecrets }: Yielding): never {
  const program = [...(isService ? ['serve.js'] : []), 'backend.js'].map((name) => join(programDir, name)).find(existsSync) ?? programDir;
  lock.release();
  if (hasSecrets || !process.execve)
    throw new AgorError('outdated', `This build did not prove itself on this data directory; ${program} serves it. Start that one.`);
  return process.execve(process.execPath, [process.execPath, ...process.execArgv, program, ...process.argv.slice(2)], process.env);
}

export type End = (reason: string, code?: number) => void;

/** Node would wait for a thread that is inside a long statement; everything of record is closed by then. */
function exit(code: number, isStuck: boolean): void {
  if (isStuck) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

function onceEnding(logger: Logger, close: (code: number) => Promise<void>, isStuck: () => boolean): End {
  let isEnding = false;
  return (reason, code = 0) => {
    if (isEnding) return;
    isEnding = true;
    logger.info({ reason }, 'backend ends');
    void close(code).finally(() => exit(code, isStuck()));
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
  writePassingFile(paths.ownerRecord, JSON.stringify(record));
}

/** What a program that could not start says of it: its code and one sentence. */
export function startFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AgorError) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
