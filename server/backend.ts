/** The backend's main: takes the owner lock, opens what it owns, and ends in order. One per data directory. */
import { mkdirSync } from 'node:fs';
import { newToken } from './auth/token.ts';
import { readBuildInfo } from './base/build-info.ts';
import { keepCompiled } from './base/compile-cache.ts';
import { type DataPaths, dataPaths } from './base/data-paths.ts';
import { closeInheritedFiles } from './base/inherited-files.ts';
import { type OwnerLock, takeOwnerLock } from './base/owner-lock.ts';
import { processIdentity } from './base/process-identity.ts';
import { readDescriptor } from './base/read-descriptor.ts';
import { asStorageError } from './base/storage-error.ts';
import { writePassingFile } from './base/write-file-whole.ts';
import { type Config, readConfig } from './config.ts';
import { levelProblem } from './log/log-level.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { AgorError } from './protocol/errors.ts';
import type { BuildInfo } from './protocol/health.ts';
import { LogLevel } from './protocol/requests.ts';
import { parseGivenSecrets } from './secrets/headless-sources.ts';
import { createServer, type Server } from './server.ts';
import type { ServerOptions } from './server-options.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { openStores } from './stores.ts';

const idleLookEveryMs = 5_000;

async function main(): Promise<void> {
  keepCompiled();
  const config = readConfig(process.argv.slice(2), process.env);
  const { secretsFd } = config;
  const givenSecrets = secretsFd === undefined ? new Map<string, string>() : parseGivenSecrets(await readDescriptor(secretsFd));
  closeInheritedFiles();
  process.umask(0o077);
  const paths = dataPaths(config.dataDir);
  const lock = takeLock(paths);
  if (!lock && givenSecrets.size > 0)
    throw new AgorError('conflict', 'A backend runs already, so these secrets were given to nobody. End it first.');
  if (!lock) process.exit(0);
  await own({ config, paths, lock, givenSecrets });
}

type Owned = Pick<ServerOptions, 'config' | 'paths' | 'givenSecrets'> & { readonly lock: OwnerLock };

async function own({ config, paths, lock, givenSecrets }: Owned): Promise<void> {
  let server: Server | undefined;
  const build = readBuildInfo(config.programDir);
  const token = newToken();
  const onRecord = (record: { level: LogLevel; message: string }) => server?.tell('log/written', record);
  const logger = createLogger({ dir: paths.logs, level: config.logLevel, build, onRecord });
  const unknownLevel = levelProblem(process.env);
  if (unknownLevel) logger.warn(unknownLevel);
  const stores = openStores(paths);
  for (const problem of stores.problems()) logger.error(problem);
  const close = async () => {
    // The socket goes first and the lock last, so that the next owner never meets this one's socket.
    await server?.close().catch((err: unknown) => logger.error({ err }, 'closing failed'));
    stores.close();
    lock.release();
  };
  const end = onceEnding(logger, close, () => server?.isStuck() === true);
  server = createServer({
    config,
    paths,
    build,
    stores,
    givenSecrets,
    token,
    end,
    level: levelOf(logger),
    log: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
  });
  endOnSignals(logger, end);
  writePassingFile(paths.token, token);
  await server.open();
  writeOwnerRecord(paths, build);
  logger.info({ dataDir: paths.dataDir, node: process.version }, 'backend ready');
  endWhenIdle(server, config, end);
}

type End = (reason: string, code?: number) => void;

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
  writePassingFile(paths.ownerRecord, JSON.stringify(record));
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
