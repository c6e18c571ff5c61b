/**
 * Tries whether this build can work with a data directory, without becoming anybody's backend: opens the databases
 * (which migrates them, so what is given is a copy, or one is made), builds everything over them, and opens no door.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { takeLock } from './backend-life.ts';
import { readBuildInfo } from './base/build-info.ts';
import { type DataPaths, dataPaths } from './base/data-paths.ts';
import type { Config } from './config.ts';
import { AgorError } from './protocol/errors.ts';
import { createServer } from './server.ts';
import { copyChecked, foundSchema } from './store/checked-copy.ts';
import { openStores, recordPlaces } from './stores.ts';

const prefix = 'smoke-test-';

/** Says so on stdout; rejects with why it cannot. */
export async function smokeTest(config: Config, paths: DataPaths): Promise<void> {
  if (config.isSmokeTestOnCopy) await onCopy(config, paths);
  else await onItself(config, paths);
  await new Promise<void>((resolve) => process.stdout.write('Database initialized\n', () => resolve()));
}

/** The data may be in use meanwhile, and nothing of it is touched. */
async function onCopy(config: Config, data: DataPaths): Promise<void> {
  mkdirSync(data.run, { recursive: true, mode: 0o700 });
  forgetKilled(data.run);
  const scratch = mkdtempSync(join(data.run, `${prefix}${process.pid}-`));
  try {
    const paths = dataPaths(scratch);
    copyChecked(data.sessionsDb, paths.sessionsDb);
    copyChecked(data.btmsgDb, paths.btmsgDb);
    requireKnownSchemas(paths);
    await build({ ...config, dataDir: scratch }, paths);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whoever tries a build out ends a test that takes too long by force, and it would leave all of the data once more. */
function forgetKilled(run: string): void {
  for (const name of readdirSync(run).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (!isRunning(pid)) rmSync(join(run, name), { recursive: true, force: true });
  }
}

/** A pid of somebody else by now keeps it until the doctor finds it. */
function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Lies with the build, and not with this moment, so it is not tried again before somebody asks for it. */
function requireKnownSchemas(paths: DataPaths): void {
  for (const { path, migrations } of Object.values(recordPlaces(paths))) {
    const [found, known] = [foundSchema(path), migrations.at(-1)?.version ?? 0];
    if (found <= known) continue;
    throw new AgorError('outdated', `${basename(path)} was made by a newer version (its schema is ${found}, this version knows ${known})`);
  }
}

async function onItself(config: Config, paths: DataPaths): Promise<void> {
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
}

/** Nobody is there to be promised anything. */
async function atOnce<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}

async function build(config: Config, paths: DataPaths): Promise<void> {
  const stores = openStores(paths);
  try {
    const [problem] = stores.problems();
    if (problem) throw new AgorError('storage', problem);
    const nothing = () => {};
    const level = { get: () => config.logLevel, set: nothing };
    const unheard = { level, log: nothing, warn: nothing, end: nothing, handOver: nothing, acknowledged: atOnce };
    const options = { config, paths, stores, isService: false, givenSecrets: new Map<string, string>(), token: '' };
    const server = createServer({ ...options, ...unheard, build: readBuildInfo(config.programDir) });
    // Reads from all that it was built over.
    server.health.get();
    await server.close();
  } finally {
    stores.close();
  }
}
