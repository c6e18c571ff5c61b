/** Where a sidecar's records go: the JSON file in the agent's private folder, and its mirror in plain text. */
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../base/data-paths.ts';
import { visibleJson } from '../base/visible-json.ts';
import { RotatingFile } from '../log/rotating-file.ts';
import { sidecarLogFiles } from '../log/sidecar-log-files.ts';
import { shortId } from '../protocol/ids.ts';
import { LogRecord, levelNumbers } from '../protocol/log-record.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { mirrorLine, safeName } from './mirror-line.ts';

type Place = Pick<RunRecord, 'privateDir' | 'dataDir' | 'agentId' | 'agentName'>;

const stderr = 2;
/** A record that is larger keeps the beginning of its message and loses everything that is not in every record. */
const mostRecordChars = 256 * 1024;
const keptMessageChars = 64 * 1024;

export class LogSinks {
  readonly #records: RotatingFile;
  readonly #mirror: RotatingFile;
  /** Takes secrets out of a record. */
  filter: (line: string) => string = (line) => line;

  constructor({ privateDir, dataDir, agentId, agentName = '' }: Place) {
    const { logs } = dataPaths(dataDir);
    for (const folder of [privateDir, logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#records = new RotatingFile(sidecarLogFiles(privateDir).records);
    this.#mirror = new RotatingFile(join(logs, `session-mirror-${safeName(agentName)}-${shortId(agentId)}.log`));
  }

  /** One record, as pino writes it. What went wrong is said on stderr when the disk does not take it; the rest is lost then. */
  write(json: string): void {
    try {
      const line = bounded(visibleJson(this.filter(json)));
      const record = LogRecord.parse(JSON.parse(line));
      const isKept = this.#records.write(line);
      this.#mirror.write(mirrorLine(record));
      if (!isKept && record.level >= levelNumbers.error) writeSync(stderr, line);
    } catch {
      // Nobody is left to tell, and whoever logs must not fail for it.
    }
  }
}

export function bounded(line: string): string {
  if (line.length <= mostRecordChars) return line;
  const { level, time, component, msg = '', ...rest } = LogRecord.parse(JSON.parse(line));
  const { agentId, runId, sessionId, projectId, gitSha } = rest;
  const kept = msg.slice(0, keptMessageChars);
  const cut = `${kept} … ${line.length - kept.length} more characters were left out.`;
  return `${JSON.stringify({ level, time, agentId, runId, projectId, gitSha, sessionId, component, msg: cut })}\n`;
}
