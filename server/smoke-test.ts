/**
 * Tries whether this build can work with a data directory, without becoming anybody's backend: opens the databases
 * (which migrates them, so what is given is a copy), builds everything over them, and opens no door.
 */
import { takeLock } from './backend-life.ts';
import { readBuildInfo } from './base/build-info.ts';
import type { DataPaths } from './base/data-paths.ts';
import type { Config } from './config.ts';
import { AgorError } from './protocol/errors.ts';
import { createServer } from './server.ts';
import { openStores } from './stores.ts';

/** Says so on stdout; rejects with why it cannot. */
export async function smokeTest(config: Config, paths: DataPaths): Promise<void> {
  const lock = takeLock(paths);
  if (!lock) {
    const what = `A backend owns ${paths.dataDir}, so this build cannot be tried on it.`;
    throw new AgorError('conflict', `${what} Give a copy, or an empty folder, as the data directory.`);
  }
  try {
    await build(config, paths);
  } finally {
    lock.release();
  }
  await new Promise<void>((resolve) => process.stdout.write('Database initialized\n', () => resolve()));
}

async function build(config: Config, paths: DataPaths): Promise<void> {
  const stores = openStores(paths);
  try {
    const [problem] = stores.problems();
    if (problem) throw new AgorError('storage', problem);
    const nothing = () => {};
    const level = { get: () => config.logLevel, set: nothing };
    const unheard = { level, log: nothing, warn: nothing, end: nothing, handOver: nothing };
    const options = { config, paths, stores, isService: false, givenSecrets: new Map<string, string>(), token: '' };
    const server = createServer({ ...options, ...unheard, build: readBuildInfo(config.programDir) });
    // Reads from all that it was built over.
    server.health.get();
    await server.close();
  } finally {
    stores.close();
  }
}
