/**
 * Writes the databases of record anew without what is free in them, and puts the new files in the place of the old ones. A
 * kill at any point leaves the old ones or the new ones: the next start ends an exchange that was ready, and takes back one
 * that was not. The caller owns the data directory and has nothing open.
 */
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { AgorError } from '../protocol/errors.ts';
import { bytesOf, type PageFacts, pageFacts, requireRoom, requireSameRows, takeAlong, writeCompact } from '../store/compaction.ts';
import { findLoss } from '../store/preflight.ts';
import { declareReady, finishRestore, giveUpRestore, restoringPath } from '../store/restoring.ts';
import { openStores, recordPlaces } from '../stores.ts';

export type Compacted = { readonly database: string; readonly beforeBytes: number; readonly afterBytes: number };
/** `path`: the file that grows meanwhile, to about `bytes`. */
export type CompactStep = {
  readonly step: 'copying' | 'checking' | 'exchanging' | 'opening';
  readonly database: string;
  readonly path: string;
  readonly bytes: number;
};
type Tell = (step: CompactStep) => void;
type Candidate = { readonly path: string; readonly facts: PageFacts };

/** Less is not worth that nobody is served meanwhile; a database that gives nothing back by itself is made one that does. */
const worthShare = 0.1;

export function compactDatabases(paths: DataPaths, tell: Tell): Compacted[] {
  finishRestore(paths.dataDir, paths.searchDb);
  const places = recordPlaces(paths);
  const candidates = [places.sessions.path, places.btmsg.path].filter(existsSync).map(looked).filter(isWorthIt);
  if (candidates.length === 0) return [];
  requireRoom(
    paths.dataDir,
    candidates.reduce((sum, { facts }) => sum + facts.bytes - facts.freeBytes, 0),
  );
  try {
    for (const candidate of candidates) stage(paths.dataDir, candidate, tell);
  } catch (error) {
    giveUpRestore(paths.dataDir);
    throw error;
  }
  return exchange(paths, candidates, tell);
}

function looked(path: string): Candidate {
  const loss = findLoss(path);
  if (loss !== undefined) throw new AgorError('storage', `${path} ${loss}. Run "agor recover" first; nothing was changed.`);
  return { path, facts: pageFacts(path) };
}

function isWorthIt({ facts: { bytes, freeBytes, isIncremental } }: Candidate): boolean {
  return freeBytes > bytes * worthShare || !isIncremental;
}

function stage(dataDir: string, { path, facts }: Candidate, tell: Tell): void {
  const dir = restoringPath(dataDir);
  const database = basename(path);
  const target = join(dir, database);
  const about = { database, path: target, bytes: facts.bytes - facts.freeBytes };
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  tell({ step: 'copying', ...about });
  writeCompact(path, target);
  tell({ step: 'checking', ...about });
  requireSameRows(path, target);
  takeAlong(path, dir);
}

function exchange(paths: DataPaths, candidates: readonly Candidate[], tell: Tell): Compacted[] {
  const { dataDir, searchDb, quarantine } = paths;
  const names = candidates.map(({ path }) => basename(path));
  const keptIn = join(quarantine, `compacted-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  const about = { database: names.join(', '), path: dataDir, bytes: 0 };
  mkdirSync(keptIn, { recursive: true, mode: 0o700 });
  tell({ step: 'exchanging', ...about });
  declareReady(dataDir, names, { keptIn, isSame: true });
  finishRestore(dataDir, searchDb);
  tell({ step: 'opening', ...about });
  const done = candidates.map(({ path, facts }) => ({
    ...{ database: basename(path), beforeBytes: facts.bytes, afterBytes: bytesOf(path) ?? 0 },
  }));
  try {
    openAndTell(paths, done);
  } catch (error) {
    putBack(paths, names, keptIn);
    throw error;
  }
  rmSync(keptIn, { recursive: true });
  return done;
}

/** As the next backend does; the old files are there until that has worked. */
function openAndTell(paths: DataPaths, done: readonly Compacted[]): void {
  const stores = openStores(paths);
  try {
    const [problem] = stores.problems();
    if (problem !== undefined) throw new AgorError('storage', `The new files cannot be used, so the old ones were put back: ${problem}`);
    const entry = { at: Date.now(), event: 'databases_compacted', agentId: null, actor: 'cli' } as const;
    stores.btmsg.write(() => stores.audit.append({ ...entry, detail: { databases: [...done] } }));
  } finally {
    stores.close();
  }
}

/** By the same way, so that a kill in between is ended as well; until it is done, the old files have both names. */
function putBack({ dataDir, searchDb, quarantine }: DataPaths, names: readonly string[], keptIn: string): void {
  const staged = restoringPath(dataDir);
  mkdirSync(staged, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(keptIn)) linkSync(join(keptIn, name), join(staged, name));
  declareReady(dataDir, names, { keptIn: join(quarantine, `${basename(keptIn)}-failed`), isSame: true });
  finishRestore(dataDir, searchDb);
  rmSync(keptIn, { recursive: true, force: true });
}
