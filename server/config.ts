/** What the backend is told from outside, read once: its arguments and environment, with the defaults. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { levelFromEnvironment } from './log/log-level.ts';
import { AgorError } from './protocol/errors.ts';
import type { LogLevel } from './protocol/requests.ts';
import type { Settings } from './protocol/settings.ts';
import { environmentSettings } from './settings/environment-settings.ts';

export type Config = {
  readonly dataDir: string;
  /** The folder this program lies in: with the built programs beside it, or the sources. */
  readonly programDir: string;
  readonly sidecarProgram: string;
  /** Takes a run record, and prints what the run would be fenced in by. */
  readonly explainProgram: string;
  /** The thread that keeps the search index and asks it. */
  readonly searchProgram: string;
  /** The thread that checks backups and tries them out. */
  readonly backupProgram: string;
  readonly logLevel: LogLevel;
  readonly idleEndMs: number;
  /** Undefined: as the settings say. */
  readonly orphanGraceMs: number | undefined;
  /** Where systemd puts a unit's credentials. */
  readonly credentialsDir: string | undefined;
  /** Settings that the environment makes. */
  readonly settings: Partial<Settings>;
  /** Only tries whether this build can work with the data directory. */
  readonly isSmokeTest: boolean;
  /** On a copy that it makes, so that the data may be in use. */
  readonly isSmokeTestOnCopy: boolean;
  /** The descriptor that brings secrets as a JSON object, once. */
  readonly secretsFd: number | undefined;
  /** Of the person; empty where the system knows none. */
  readonly home: string;
  /** What declares groups, projects and agents; read, and never written. */
  readonly groupsFile: string;
  /** What models cost, as the person says; read, and never written. */
  readonly pricesFile: string;
  /** The mode mask that the starter had: the backend's own files are closed to others, an agent's need not be. */
  readonly programUmask: number;
};

const minuteMs = 60_000;

export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const [dataDir, ...flags] = argv;
  if (!dataDir || !isAbsolute(dataDir))
    throw new AgorError('badRequest', 'The backend needs the absolute path of its data directory as its argument.');
  const programDir = dirname(fileURLToPath(import.meta.url));
  const program = (name: string, folder = 'sidecar') => {
    const built = join(programDir, `${name}.js`);
    return existsSync(built) ? built : join(programDir, folder, `${name}.ts`);
  };
  const home = homeFolder();
  return {
    dataDir,
    programDir,
    sidecarProgram: program('sidecar'),
    explainProgram: program('explain-sandbox'),
    searchProgram: program('search-thread', 'search'),
    backupProgram: program('backup-thread', '.'),
    logLevel: levelFromEnvironment(env),
    idleEndMs: minutes(env, 'AGOR_IDLE_END_MINUTES') ?? 10 * minuteMs,
    programUmask: process.umask(),
    orphanGraceMs: minutes(env, 'AGOR_ORPHAN_GRACE_MINUTES'),
    credentialsDir: env.CREDENTIALS_DIRECTORY || undefined,
    ...flagsOf(flags),
    settings: environmentSettings(env),
    home,
    groupsFile: join(configDir(env, home), 'groups.json'),
    pricesFile: join(configDir(env, home), 'prices.json'),
  };
}

function homeFolder(): string {
  try {
    return homedir();
  } catch {
    // Who has none has no folder for configuration either.
    return '';
  }
}

/** A path that is not absolute does not count: the backend resolves nothing from where it was started. */
function configDir(env: NodeJS.ProcessEnv, home: string): string {
  const [own, shared] = [env.AGOR_CONFIG_DIR ?? '', env.XDG_CONFIG_HOME ?? ''];
  if (isAbsolute(own)) return own;
  return join(isAbsolute(shared) ? shared : join(home, '.config'), 'agor');
}

function flagsOf([flag, value, ...others]: readonly string[]): Pick<Config, 'secretsFd' | 'isSmokeTest' | 'isSmokeTestOnCopy'> {
  const none = { secretsFd: undefined, isSmokeTest: false, isSmokeTestOnCopy: false };
  if (flag === undefined) return none;
  if (flag === '--smoke-test' && (value === undefined || value === 'copy') && others.length === 0)
    return { ...none, isSmokeTest: true, isSmokeTestOnCopy: value === 'copy' };
  if (flag === '--secrets-fd' && /^[0-9]{1,4}$/.test(value ?? '') && others.length === 0) return { ...none, secretsFd: Number(value) };
  throw new AgorError(
    'badRequest',
    'After its data directory the backend takes --secrets-fd <number> or --smoke-test [copy], and nothing else.',
  );
}

/** In milliseconds; undefined when it is not set. */
function minutes(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const given = env[name];
  if (given === undefined || given === '') return undefined;
  const value = Number(given);
  if (Number.isFinite(value) && value > 0) return value * minuteMs;
  throw new AgorError('badRequest', `${name} must be a number of minutes above zero; "${given}" is not.`);
}
