/// <reference path="./pino-roll.d.ts" />
/**
 * The log: one JSON line a record, with the build in each, in files that are capped by size and count. A terminal also
 * gets readable lines; files never do.
 */

import { join, relative } from 'node:path';
import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';
import roll from 'pino-roll';
import * as z from 'zod/mini';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import { LogLevel } from '../protocol/requests.ts';

export type { Logger } from 'pino';

export type LogOptions = {
  readonly dir: string;
  readonly level: LogLevel;
  readonly build: BuildInfo;
  /** Also given to whoever shows logs. */
  readonly onRecord: (record: { level: LogLevel; message: string }) => void;
};

const maxFileSize = '10m';
const keptFiles = 7;
/** While the disk takes nothing, so much is kept for later. */
const maxWaitingBytes = 4 * 1024 * 1024;

export async function createLogger(options: LogOptions): Promise<Logger> {
  const file = await roll({
    file: fromHere(join(options.dir, 'backend')),
    extension: '.log',
    size: maxFileSize,
    // Those too that earlier backends left.
    limit: { count: keptFiles, removeOtherLogFiles: true },
    mkdir: true,
    maxLength: maxWaitingBytes,
  });
  // A disk that is full must not end the backend: what cannot be logged is lost, and the log goes on when there is room.
  file.on('error', () => {});
  const streams = [
    { level: 'trace', stream: file },
    { level: 'info', stream: forwarded(options.onRecord) },
    ...(isDevelopment() ? [{ level: 'trace', stream: readable() }] : []),
  ] as const;
  const base = { pid: process.pid, gitSha: options.build.gitSha, build: buildId(options.build) };
  return pino({ level: options.level, base, timestamp: pino.stdTimeFunctions.isoTime }, pino.multistream([...streams]));
}

/** The roller refuses some characters that a data directory may have, so it gets the path from where we are, if it is below. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below;
}

export function levelFromEnvironment(env: NodeJS.ProcessEnv): LogLevel {
  const parsed = LogLevel.safeParse(env.LOG_LEVEL?.toLowerCase());
  return parsed.success ? parsed.data : 'info';
}

/** Only where a person looks: stderr of a detached backend is a file. */
function isDevelopment(): boolean {
  return process.stderr.isTTY === true;
}

const Line = z.object({ level: z.number(), msg: z.string(), err: z.optional(z.object({ message: z.string() })) });

function forwarded(onRecord: LogOptions['onRecord']): Writable {
  return lineWriter(({ level, msg, err }) => onRecord({ level: levelName(level), message: err ? `${msg}: ${err.message}` : msg }));
}

function readable(): Writable {
  return lineWriter(({ level, msg, err }) =>
    process.stderr.write(`${levelName(level).padEnd(5)} ${msg}${err ? `: ${err.message}` : ''}\n`),
  );
}

function lineWriter(write: (line: z.infer<typeof Line>) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const parsed = Line.safeParse(JSON.parse(String(chunk)));
      if (parsed.success) write(parsed.data);
      done();
    },
  });
}

function levelName(level: number): LogLevel {
  const parsed = LogLevel.safeParse(pino.levels.labels[level]);
  return parsed.success ? parsed.data : 'info';
}
