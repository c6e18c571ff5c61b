/**
 * `--smoke-test`: what this build makes of the data, without the data. Copies both databases aside, brings the copies to
 * its own schema, builds everything over them, and says so; nothing is served, and nobody is called.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildInfo } from './base/build-info.ts';
import { type DataPaths, dataPaths } from './base/data-paths.ts';
import type { Config } from './config.ts';
import { createServer } from './server.ts';
import { copyChecked } from './store/checked-copy.ts';
import { openStores, type Stores } from './stores.ts';

/** Throws what the build refuses the data with. Returns what was found. */
export function smokeTest(config: Config, real: DataPaths): string {
  mkdirSync(real.run, { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(real.run, 'smoke-test-'));
  try {
    const paths = dataPaths(scratch);
    const isCopied = [copyChecked(real.sessionsDb, paths.sessionsDb), copyChecked(real.btmsgDb, paths.btmsgDb)];
    const stores = openStores(paths);
    try {
      buildOver({ ...config, dataDir: scratch }, paths, stores);
    } finally {
      stores.close();
    }
    return isCopied.includes(true) ? 'Database initialized (on a copy)' : 'Database initialized (from nothing)';
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function buildOver(config: Config, paths: DataPaths, stores: Stores): void {
  const build = readBuildInfo(config.programDir);
  const server = createServer({
    ...{ config, paths, build, stores, token: '', givenSecrets: new Map() },
    acknowledged: async (work) => work(),
    level: { get: () => config.logLevel, set: () => {} },
    log: () => {},
    warn: () => {},
    end: () => {},
  });
  server.health.get();
}
