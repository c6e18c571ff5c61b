/** What the backend process gives its root. */
import type { DataPaths } from './base/data-paths.ts';
import type { Config } from './config.ts';
import type { BuildInfo } from './protocol/health.ts';
import type { LogLevel } from './protocol/requests.ts';
import type { Stores } from './stores.ts';

export type ServerOptions = {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly build: BuildInfo;
  readonly stores: Stores;
  readonly level: { get(): LogLevel; set(level: LogLevel): void };
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
  /** Runs until somebody stops it. */
  readonly isService: boolean;
  /** How often it is looked whether all is well, where somebody wants to hear of it more often than usual. */
  readonly roundEveryMs?: number | undefined;
  /** Secrets that a descriptor brought at the start. */
  readonly givenSecrets: ReadonlyMap<string, string>;
  /** What callers must show; new for each life of the backend. */
  readonly token: string;
  /** What a call comes to, once it may be acknowledged. */
  readonly acknowledged: <T>(work: () => T | Promise<T>) => Promise<T>;
  /** Ends the process in order. */
  readonly end: (reason: string) => void;
  /** The same, and another backend is to go on: a service is started again. */
  readonly handOver: (reason: string) => void;
};
