import pino, { type Logger } from 'pino';
import { sidecarLogFiles } from '../log/sidecar-log-files.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { RunEnd } from '../protocol/log-record.ts';
import { LogLevel } from '../protocol/requests.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { earlierRun, forgetErrorOutput } from './earlier-run.ts';
import { LogSinks } from './log-sinks.ts';
import { runHeader } from './run-header.ts';

/** Which part of the sidecar speaks. */
export type LogComponent =
  | 'runner' // The sidecar itself.
  | 'lifecycle' // Its beginning and end, and its program's.
  | 'task' // Sessions and their turns.
  | 'delivery' // Prompts on their way to the program.
  | 'bus' // The way to the backend.
  | 'outbox'
  | 'obligation-cache'
  | 'mirror' // What the agent does.
  | 'control'
  | 'program' // What the program says on its pipes.
  | 'sandbox'
  | 'logger'
  | 'stderr'
  | RunRecord['provider']
  | 'codex'
  | `hook:${string}`;

export class SidecarLog {
  readonly #sinks: LogSinks;
  readonly #root: Logger;
  readonly #parts = new Map<LogComponent, Logger>();
  readonly #record: RunRecord;
  /** The session that records belong to. */
  sessionId: SessionId | undefined;

  constructor(record: RunRecord, build: BuildInfo) {
    this.#record = record;
    this.#sinks = new LogSinks(record);
    this.#root = this.#createRoot(build);
  }

  of(component: LogComponent): Logger {
    const part = this.#parts.get(component) ?? this.#root.child({ component });
    // Hooks have the names that the agent gives them, and there is no end to those.
    if (!component.startsWith('hook:')) this.#parts.set(component, part);
    return part;
  }

  /** From now on every record goes through it first. */
  useFilter(filter: (line: string) => string): void {
    this.#sinks.filter = filter;
  }

  get level(): LogLevel {
    return LogLevel.parse(this.#root.level);
  }

  /** At once, and told whatever the levels are. */
  changeLevel(level: LogLevel): void {
    const previous = this.level;
    for (const log of [this.#root, ...this.#parts.values()]) log.level = level;
    this.#whateverLevel('logger').info({ previous }, `logging from ${level} upwards`);
  }

  begin(): void {
    try {
      this.#tellOfEarlierRun();
    } catch (error) {
      this.of('logger').warn({ err: error }, 'what the run before this one left cannot be read');
    }
    this.#whateverLevel('lifecycle').info({ runBegan: runHeader(this.#record) }, 'the run begins');
  }

  end(exitCode: number): void {
    const { runId, createdAt } = this.#record;
    const runEnded: RunEnd = { runId, exitCode, durationMs: Math.max(0, Date.now() - createdAt) };
    this.#whateverLevel('lifecycle').info({ runEnded }, 'the run has ended');
  }

  /** It may have ended without a word in the log, or with words past it. */
  #tellOfEarlierRun(): void {
    const files = sidecarLogFiles(this.#record.privateDir);
    const { lostRunId: runId, lastWordAt, lastWords } = earlierRun(files);
    if (runId) {
      const runEnded: RunEnd = { runId, exitCode: null, durationMs: null };
      this.#whateverLevel('lifecycle').error(
        { runEnded },
        `the run before this one ended without a word; its last record is of ${lastWordAt}`,
      );
    }
    if (lastWords === '') return;
    this.#whateverLevel('stderr').error(lastWords);
    forgetErrorOutput(files);
  }

  /** How a run began and ended is always told. */
  #whateverLevel(component: LogComponent): Logger {
    return this.#root.child({ component }, { level: 'trace' });
  }

  #createRoot(build: BuildInfo): Logger {
    const { agentId, runId, projectId, logLevel: level } = this.#record;
    const base = { pid: process.pid, process: 'sidecar', agentId, runId, projectId, gitSha: build.gitSha, build: buildId(build) };
    const mixin = () => (this.sessionId === undefined ? {} : { sessionId: this.sessionId });
    return pino({ level, base, mixin, timestamp: pino.stdTimeFunctions.isoTime }, this.#sinks);
  }
}
