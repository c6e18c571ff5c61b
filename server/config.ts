/** What the backend is told from outside, read once: its arguments and environment, with the defaults. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { levelFromEnvironment } from './log/logger.ts';
import { AgorError } from './protocol/errors.ts';
import type { LogLevel } from './protocol/requests.ts';

export type Config = {
  readonly dataDir: string;
  /** The folder this program lies in: with the built programs beside it, or the sources. */
  readonly programDir: string;
  readonly sidecarProgram: string;
  readonly logLevel: LogLevel;
  readonly idleEndMs: number;
  readonly orphanGraceMs: number;
  /** The mode mask that the starter had: the backend's own files are closed to others, an agent's need not be. */
  readonly programUmask: number;
};

const minuteMs = 60_000;

export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const [dataDir] = argv;
  if (!dataDir || !isAbsolute(dataDir))
    throw new AgorError('badRequest', 'The backend needs the absolute path of its data directory as its argument.');
  const programDir = dirname(fileURLToPath(import.meta.url));
  const built = join(programDir, 'sidecar.js');
  return {
    dataDir,
    programDir,
    sidecarProgram: existsSync(built) ? built : join(programDir, 'sidecar', 'sidecar.ts'),
    logLevel: levelFromEnvironment(env),
    idleEndMs: minutes(env, 'AGOR_IDLE_END_MINUTES', 10),
    programUmask: process.umask(),
    orphanGraceMs: minutes(env, 'AGOR_ORPHAN_GRACE_MINUTES', 10),
  };
}

function minutes(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const given = env[name];
  if (given === undefined || given === '') return fallback * minuteMs;
  const value = Number(given);
  if (Number.isFinite(value) && value > 0) return value * minuteMs;
  throw new AgorError('badRequest', `${name} must be a number of minutes above zero; "${given}" is not.`);
}
