/** The backend's main: takes the owner lock, opens what it owns, and ends in order. One per data directory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newToken } from './auth/token.ts';
import { readBuildInfo } from './base/build-info.ts';
import { type DataPaths, dataPaths } from './base/data-paths.ts';
import { closeInheritedFiles } from './base/inherited-files.ts';
import { type OwnerLock, takeOwnerLock } from './base/owner-lock.ts';
import { processIdentity } from './base/process-identity.ts';
import { readDescriptor } from './base/read-descriptor.ts';
import { asStorageError } from './base/storage-error.ts';
import { writeFileWhole } from './base/write-file-whole.ts';
import { type Config, readConfig } from './config.ts';
import { levelProblem } from './log/log-level.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { AgorError } from './protocol/errors.ts';
import type { BuildInfo } from './protocol/health.ts';
import { LogLevel } from './protocol/requests.ts';
import { parseGivenSecrets } from './secrets/headless-sources.ts';
import { createServer, type Server } from './server.ts';
import type { ServerOptions } from './server-options.ts';
import { smokeTest } from './smoke-test.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { openStores } from './stores.ts';
import { settleUpgrade, UpgradeCourse } from './wiring/upgrade-course.ts';

const idleLookEveryMs = 5_000;

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  const { secretsFd } = config;
  const givenSecrets = secretsFd === undefined ? new Map<string, string>() : parseGivenSecrets(await readDescriptor(secretsFd));
  closeInheritedFiles();
  process.umask(0o077);
  const paths = dataPaths(config.dataDir);
  if (config.isSmokeTest) return tellSmokeTest(smokeTest(config, paths));
  const lock = takeLock(paths);
  if (!lock && givenSecrets.size > 0)
    throw new AgorError('conflict', 'A backend runs already, so these secrets were given to nobody. End it first.');
  if (!lock) process.exit(0);
  await own({ config, paths, lock, givenSecrets });
}

function tellSmokeTest(found: string): void {
  process.stdout.write(`${found}\n`, () => process.exit());
}

type Owned = Pick<ServerOptions, 'config' | 'paths' | 'givenSecrets'> & { readonly lock: OwnerLock };

async function own(owned: Owned): Promise<void> {
  const { config, paths, lock, givenSecrets } = owned;
  let server: Server | undefined;
  const build = readBuildInfo(config.programDir);
  const onRecord = (record: { level: LogLevel; message: string }) => server?.tell('log/written', record);
  const logger = createLogger({ dir: paths.logs, level: config.logLevel, build, onRecord });
  const unknownLevel = levelProblem(process.env);
  if (unknownLevel) logger.warn(unknownLevel);
  const log = (message: string, fields: Record<string, unknown>) => logger.info(fields, message);
  const upgrading = { paths, build, programDir: config.programDir, now: () => Date.now(), log };
  const other = settleUpgrade(upgrading);
  if (other !== undefined) return become(other, { lock, hasSecrets: givenSecrets.size > 0 });
  const course = new UpgradeCourse(upgrading);
  try {
    await serve({ ...owned, build, logger, course }, (made) => {
      server = made;
    });
  } catch (error) {
    course.failed(error);
    throw error;
  }
}

type Serving = Owned & { readonly build: BuildInfo; readonly logger: Logger; readonly course: UpgradeCourse };

async function serve({ config, paths, lock, givenSecrets, build, logger, course }: Serving, made: (server: Server) => void): Promise<void> {
  const stores = openStores(paths, course.begin());
  for (const problem of stores.problems()) logger.error(problem);
  const close = async (code: number) => {
    if (code === 0) course.finish(stores);
    // The socket goes first and the lock last, so that the next owner never meets this one's socket.
    await server.close().catch((err: unknown) => logger.error({ err }, 'closing failed'));
    stores.close();
    lock.release();
  };
  const end = onceEnding(logger, close, () => server.isStuck());
  const token = newToken();
  const server = createServer({
    ...{ config, paths, build, stores, givenSecrets, token, end },
    acknowledged: course.after,
    level: levelOf(logger),
    log: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
  });
  made(server);
  endOnSignals(logger, (reason, code) => {
    if (code) course.failed(reason);
    end(reason, code);
  });
  writeFileWhole(paths.token, token);
  course.holdAnswers(stores.written);
  await server.open();
  writeOwnerRecord(paths, build);
  course.opened(
    stores,
    () => server.health.get(),
    (reason) => end(reason, 1),
  );
  server.tellOfUpgrade();
  logger.info({ dataDir: paths.dataDir, node: process.version }, 'backend ready');
  endWhenIdle(server, config, end);
}

type Yielding = { readonly lock: OwnerLock; readonly hasSecrets: boolean };

/** The build that proved itself serves in this process; where a process cannot change its program, whoever started it starts that one. */
function become(programDir: string, { lock, hasSecrets }: Yielding): void {
  const program = join(programDir, 'backend.js');
  lock.release();
  const way = `Version in ${programDir} serves this data directory; this one did not prove itself on it.`;
  if (hasSecrets || !process.execve) throw new AgorError('outdated', `${way} Start ${program}.`);
  process.execve(process.execPath, [process.execPath, ...process.execArgv, program, ...process.argv.slice(2)], process.env);
}

type End = (reason: string, code?: number) => void;

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

function endOnSignals(logger: Logger, end: End): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  process.on('SIGHUP', () => {});
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      logger.fatal({ err }, event);
      end(event, 1);
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

function takeLock(paths: DataPaths) {
  try {
    for (const folder of [paths.dataDir, paths.run, paths.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return takeOwnerLock(paths.ownerLock, nativeBindingPath());
  } catch (error) {
    throw asStorageError(error, paths.run);
  }
}

function writeOwnerRecord(paths: DataPaths, build: BuildInfo): void {
  const self = processIdentity(process.pid);
  const { startTime, bootId } = self ?? { startTime: '', bootId: '' };
  const record = { pid: process.pid, startTime, bootId, build, socketPath: paths.socket, startedAt: Date.now() };
  writeFileWhole(paths.ownerRecord, JSON.stringify(record));
}

/** Agents that only sit there are stopped too; their next prompt starts everything again. */
function endWhenIdle(server: Server, { idleEndMs }: Config, end: (reason: string) => void): void {
  let idleSince = performance.now();
  const look = async () => {
    if (!server.isIdle()) idleSince = performance.now();
    if (performance.now() - idleSince < idleEndMs) return;
    idleSince = Number.POSITIVE_INFINITY;
    await server.stopAgents();
    // Stopping takes its time: whoever came meanwhile keeps the backend.
    if (server.isIdle()) end('nothing to do');
    else idleSince = performance.now();
  };
  setInterval(() => void look(), Math.min(idleLookEveryMs, idleEndMs)).unref();
}

/** The starter reads the last line on stderr. */
main().catch((error: unknown) => {
  const { code, message } =
    error instanceof AgorError
      ? error
      : { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  process.stderr.write(`${JSON.stringify({ code, message })}\n`);
  process.exit(1);
});
