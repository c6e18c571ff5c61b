/** Which data directory is meant: `AGOR_DATA_DIR`, else the setting, else the platform's place for data. */
import { isAbsolute, join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';

export type DataDirSources = {
  readonly setting?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
};

/** Always absolute: nothing here is resolved against a working directory. */
export function resolveDataDir(sources: DataDirSources): string {
  const chosen = sources.env.AGOR_DATA_DIR || sources.setting;
  if (!chosen) return join(dataHome(sources), 'agor');
  const expanded = chosen.startsWith('~/') ? join(sources.home, chosen.slice(2)) : chosen;
  if (isAbsolute(expanded)) return expanded;
  throw new AgorError(
    'badRequest',
    `The data directory must be an absolute path; "${chosen}" is not. Set AGOR_DATA_DIR or agor.dataDir to one.`,
  );
}

function dataHome({ env, home, platform }: DataDirSources): string {
  const xdg = env.XDG_DATA_HOME;
  if (xdg && isAbsolute(xdg)) return xdg;
  if (!isAbsolute(home))
    throw new AgorError('badRequest', 'There is no home folder to keep data in (HOME is not set). Set AGOR_DATA_DIR to an absolute path.');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return join(home, '.local', 'share');
}
