/** The files that tell which build serves a data directory, read with a check of every field and replaced whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { Deployed, RefusedBuild, UpgradeRecord } from '../protocol/upgrade.ts';
import type { DataPaths } from './data-paths.ts';
import { writeFileWhole } from './write-file-whole.ts';

const keptRefusals = 10;

/** Undefined when there is none, or none that this version understands. */
export function readDeployed(paths: DataPaths): Deployed | undefined {
  return lenient(() => parsed(paths.deployMarker, Deployed));
}

export function writeDeployed(paths: DataPaths, deployed: Deployed): void {
  write(paths.deployMarker, deployed);
}

/** Undefined when there is none. Throws `storage` when it cannot be read: what was begun must not be taken for nothing. */
export function readUpgrade(paths: DataPaths): UpgradeRecord | undefined {
  return parsed(paths.upgradeRecord, UpgradeRecord);
}

/** For those who only look. */
export function lookAtUpgrade(paths: DataPaths): UpgradeRecord | undefined {
  return lenient(() => readUpgrade(paths));
}

export function writeUpgrade(paths: DataPaths, record: UpgradeRecord): void {
  write(paths.upgradeRecord, record);
}

/** Oldest first. */
export function refusedBuilds(paths: DataPaths): readonly RefusedBuild[] {
  return lenient(() => parsed(refusedPath(paths), z.array(RefusedBuild))) ?? [];
}

/** Why the build is not started here; undefined when it may be. */
export function refusalOf(paths: DataPaths, build: string): RefusedBuild | undefined {
  return refusedBuilds(paths).find((refused) => refused.build === build);
}

export function refuseBuild(paths: DataPaths, refused: RefusedBuild): void {
  const others = refusedBuilds(paths).filter(({ build }) => build !== refused.build);
  write(refusedPath(paths), [...others, refused].slice(-keptRefusals));
}

/** Returns whether it was refused. */
export function allowBuild(paths: DataPaths, build: string): boolean {
  const all = refusedBuilds(paths);
  const others = all.filter((refused) => refused.build !== build);
  if (others.length === all.length) return false;
  write(refusedPath(paths), others);
  return true;
}

function refusedPath({ dataDir }: DataPaths): string {
  return join(dataDir, 'refused-builds.json');
}

function write(path: string, content: unknown): void {
  writeFileWhole(path, `${JSON.stringify(content, null, 2)}\n`);
}

function parsed<T>(path: string, schema: { parse(value: unknown): T }): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AgorError('storage', `${path} cannot be read by this version. Move it away if no upgrade was under way.`, { cause });
  }
}

function lenient<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    // Of another version, or damaged: whoever only looks knows no more than if there were none.
    return undefined;
  }
}
