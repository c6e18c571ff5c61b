/**
 * MAIN of the recovery: `recover <data directory> <wish as JSON>`, one JSON document on stdout, behind one for each step of what
 * takes long. Owns the data directory
 * while it works, as a backend does, so the two are never there at once.
 */
import { lstatSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import { backupsWithoutBackend, restoreWithoutBackend } from './backup/without-backend.ts';
import { dataPaths } from './base/data-paths.ts';
import { takeOwnerLock } from './base/owner-lock.ts';
import { asStorageError } from './base/storage-error.ts';
import { lookAtUpgrade, writeUpgrade } from './base/upgrade-files.ts';
import { writeFileWhole } from './base/write-file-whole.ts';
import { AgorError } from './protocol/errors.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { databaseFiles } from './store/quarantine.ts';
import { acceptLoss, type Finding, inspect, keepReadable, type Place, restore } from './store/recovery.ts';
import { recoveryReport } from './store/recovery-report.ts';
import type { Salvaged } from './store/salvage.ts';
import { openStores, recordPlaces, storesOpener } from './stores.ts';
import { type CompactStep, compactDatabases } from './wiring/compact-databases.ts';

const Wish = z.discriminatedUnion('do', [
  z.object({ do: z.literal('inspect') }),
  z.object({ do: z.literal('restore'), database: z.enum(['sessions', 'btmsg']), backup: z.string() }),
  z.object({ do: z.literal('salvage'), database: z.enum(['sessions', 'btmsg']) }),
  z.object({ do: z.literal('accept'), database: z.enum(['sessions', 'btmsg']) }),
  z.object({ do: z.literal('listBackups') }),
  /** Those that have much free in them; each step is told in a line of its own first. */
  z.object({ do: z.literal('compact') }),
  /** Both databases together. */
  z.object({ do: z.literal('restoreBackup'), backup: z.string() }),
]);
type OneDatabase = Exclude<z.infer<typeof Wish>, { do: 'listBackups' | 'restoreBackup' | 'compact' }>;
type Paths = ReturnType<typeof dataPaths>;

void main(process.argv.slice(2));

async function main([dataDir, wish]: readonly string[]): Promise<void> {
  try {
    if (!dataDir || !isAbsolute(dataDir)) throw new AgorError('badRequest', 'Recovery needs the absolute path of a data directory.');
    const answer = await recover(dataPaths(dataDir), Wish.parse(JSON.parse(wish ?? '{"do":"inspect"}')));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    const cause = asStorageError(error, dataDir ?? '');
    const { code, message } = cause instanceof AgorError ? cause : new AgorError('internal', String(cause));
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    process.exitCode = 1;
  }
}

async function recover(paths: Paths, wish: z.infer<typeof Wish>) {
  process.umask(0o077);
  if (wish.do === 'listBackups') return backupsWithoutBackend(paths);
  mkdirSync(paths.run, { recursive: true });
  const lock = takeOwnerLock(paths.ownerLock, nativeBindingPath());
  if (!lock) throw new AgorError('conflict', 'A backend runs on this data directory. End it with "agor backend stop", then try again.');
  try {
    if (wish.do === 'restoreBackup') {
      const restored = await restoreWithoutBackend(paths, wish.backup, storesOpener);
      settleByHand(paths);
      return restored;
    }
    if (wish.do === 'compact') return { compacted: compactDatabases(paths, tellStep) };
    const done = wish.do === 'inspect' ? {} : change(paths, wish);
    const places = recordPlaces(paths);
    return { ...done, databases: [inspect(places.sessions), inspect(places.btmsg)] };
  } finally {
    lock.release();
  }
}

/** At once, also into a pipe: what follows holds up everything here. */
function tellStep(step: CompactStep): void {
  writeSync(process.stdout.fd, `${JSON.stringify(step)}\n`);
}

type Change = Exclude<OneDatabase, { do: 'inspect' }>;
type Done = { readonly copy: string; readonly tables?: readonly Salvaged[] };

function change(paths: Paths, wish: Change) {
  const place = recordPlaces(paths)[wish.database];
  const at = new Date();
  const before = inspect(place);
  const done: Done = act(place, wish, at);
  forgetIndex(paths);
  settleByHand(paths);
  const report = writeReport(paths, wish, { ...done, at, before, after: inspect(place) });
  tell(paths, wish, { ...done, report });
  return { ...done, report };
}

function act(place: Place, wish: Change, at: Date): Done {
  if (wish.do === 'restore') return restore(place, wish.backup, at);
  return wish.do === 'salvage' ? keepReadable(place, at) : acceptLoss(place, at);
}

type Course = Done & { readonly at: Date; readonly before: Finding; readonly after: Finding };

/** Null where the disk did not take it: the recovery itself is done, and is not called failed for that. */
function writeReport({ reports }: Paths, wish: Change, { tables = [], ...course }: Course): string | null {
  const path = join(reports, `recover-${wish.database}-${course.at.toISOString().replaceAll(/[:.]/g, '-')}.md`);
  const backup = wish.do === 'restore' ? wish.backup : undefined;
  try {
    mkdirSync(reports, { recursive: true });
    writeFileWhole(path, recoveryReport({ ...course, tables, backup, database: wish.database, wish: wish.do }));
    return path;
  } catch {
    // Told by the command.
    return null;
  }
}

/** What a person has brought back is not exchanged again by a change of build that broke off. */
function settleByHand(paths: Paths): void {
  const upgrade = lookAtUpgrade(paths);
  if (upgrade?.state !== 'trying' && upgrade?.state !== 'goingBack') return;
  writeUpgrade(paths, { ...upgrade, state: 'wentBack', endedAt: Date.now(), reason: 'a database was brought back by hand', isTold: true });
}

/** The search index counts the changes of what was there before; the next backend makes it anew. */
function forgetIndex({ searchDb }: Paths): void {
  for (const file of databaseFiles(searchDb)) if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file);
}

/** What was done stays in the log, unless the other database is damaged too: then it is told when that one is settled. */
function tell(paths: Paths, wish: Change, done: Readonly<Record<string, unknown>>): void {
  const places = recordPlaces(paths);
  if ([places.sessions, places.btmsg].some((place) => inspect(place).problem !== null)) return;
  const stores = openStores(paths);
  const detail = { ...wish, ...done };
  stores.btmsg.write(() => stores.audit.append({ at: Date.now(), event: 'data_restored', agentId: null, actor: 'cli', detail }));
  stores.close();
}
