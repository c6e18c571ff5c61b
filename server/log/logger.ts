/**
 * The backend's log: one JSON line a record, with the build in each, in files that are bounded by size, age and count. A
 * terminal also gets readable lines; files never do.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { visibleJson } from '../base/visible-json.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import { LogRecord, levelName, levelNumbers } from '../protocol/log-record.ts';
import type { LogLevel } from '../protocol/requests.ts';
import { RotatingFile, usualLimits } from './rotating-file.ts';

export type { Logger } from 'pino';

/** A record of `info` or above, for a person. */
type Shown = { readonly level: LogLevel; readonly message: string };

export type LogOptions = {
  readonly dir: string;
  readonly level: LogLevel;
  readonly build: BuildInfo;
  /** Also given to whoever shows logs, from `info` upwards. */
  readonly onRecord: (record: Shown) => void;
  /** Shows each record that is written to whoever started the process; a terminal on stderr gets readable lines unless told. */
  readonly show?: ((json: string, shown: Shown | undefined) => void) | undefined;
};

/** Each record is in the file when the call that made it returns. A disk that takes nothing costs records and nothing else. */
export function createLogger({ dir, level, build, onRecord, show = showOnTerminal }: LogOptions): Logger {
  removeOld(dir, Date.now());
  const file = new RotatingFile(join(dir, 'backend.log'));
  const write = (json: string) => {
    const line = visibleJson(json);
    file.write(line);
    const shown = shownOf(json);
    if (shown) onRecord(shown);
    show(line, shown);
  };
  const base = { pid: process.pid, process: 'backend', component: 'backend', gitSha: build.gitSha, build: buildId(build) };
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

function shownOf(json: string): Shown | undefined {
  const { success, data: record } = LogRecord.safeParse(JSON.parse(json));
  if (!success || record.level < levelNumbers.info) return undefined;
  return { level: levelName(record.level), message: [record.msg, record.err?.message].filter(Boolean).join(': ') };
}

/** Only where a person looks: stderr of a detached backend is a file. */
function showOnTerminal(_json: string, shown: Shown | undefined): void {
  if (shown && process.stderr.isTTY) process.stderr.write(readableLine(shown));
}

export function readableLine({ level, message }: Shown): string {
  return `${level.padEnd(5)} ${message}\n`;
}

/** Of agents that were removed, nobody else tidies up. */
function removeOld(dir: string, now: number): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (entry.isFile() && now - changedAt > usualLimits.keptMs) rmSync(path, { force: true });
  }
}
