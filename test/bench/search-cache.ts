/** Data directories with many messages, made once and kept in the user's cache folder; a run works on a copy. */
import { constants, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../../server/base/data-paths.ts';
import { openStores, type Stores } from '../../server/stores.ts';
import { makeData } from './search-data.ts';

/** Another form of the data needs another name. */
const form = 'v1';

export function cachedData(dir: string, messages: number): Stores {
  const kept = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'agor-bench', `search-${form}-${messages}`);
  if (!existsSync(kept)) {
    const begun = `${kept}.begun`;
    rmSync(begun, { recursive: true, force: true });
    mkdirSync(begun, { recursive: true });
    makeData(begun, messages).close();
    renameSync(begun, kept);
  }
  cpSync(kept, dir, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return openStores(dataPaths(dir));
}
